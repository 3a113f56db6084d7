#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

#include "support/child.hpp"
#include "support/slots.hpp"

// Many publishers and readers at once, in processes and in threads, each participant with an opening of its
// own.
namespace {

using namespace babus::core;
using namespace babus::test;

constexpr uint32_t kWords = 40;  // of a payload; more than a cache line, so that a torn one shows
constexpr int kPublishers = 3;
constexpr int kReaders = 3;
constexpr uint64_t kEach = 10'000;
constexpr uint64_t kTotal = kPublishers * kEach;

SlotConfig wide(uint32_t depth) {
  SlotConfig c = config("depth" + std::to_string(depth));
  c.depth = depth;
  c.max_bytes = kWords * 8;
  return c;
}

// Every word says who wrote it, and the last one is a checksum of sequence-independent parts.
void fill(uint64_t* words, uint64_t publisher, uint64_t number) {
  for (uint32_t i = 0; i + 1 < kWords; ++i) words[i] = (publisher << 32) + number + i * 1'000'003;
  words[kWords - 1] = std::accumulate(words, words + kWords - 1, uint64_t{0x9e37});
}

bool is_whole(const uint64_t* words) {
  return words[kWords - 1] == std::accumulate(words, words + kWords - 1, uint64_t{0x9e37}) &&
         words[1] == words[0] + 1'000'003 &&
         words[kWords - 2] == words[0] + (kWords - 2) * uint64_t{1'000'003};
}

// Where each message got, written by publishers; index is the sequence.
struct Journal {
  std::atomic<uint64_t> first_word[kTotal + 1];
  std::atomic<int> publishing;
  std::atomic<int> ready;
};

void run_publisher(Journal& journal, const SlotConfig& slot, int who) {
  Ends ends(slot, "publisher");
  ++journal.ready;
  while (journal.ready < kPublishers + kReaders) std::this_thread::yield();
  for (uint64_t number = 1; number <= kEach; ++number) {
    const uint32_t buffer = ends.publisher.loan(kWords * 8);
    auto* words = reinterpret_cast<uint64_t*>(ends.publisher.payload(buffer));
    fill(words, static_cast<uint64_t>(who) + 1, number);
    const uint64_t first = words[0];
    const uint64_t sequence = ends.publisher.commit(buffer, kWords * 8);
    CHECK(sequence >= 1 && sequence <= kTotal);
    CHECK_EQUAL(journal.first_word[sequence].exchange(first), 0u);  // no sequence twice
  }
  --journal.publishing;
}

// Takes all it can; holds one message over many others, and looks at it again before it lets go.
void run_reader(Journal& journal, const SlotConfig& slot) {
  Ends ends(slot, "reader");
  Subscription& reader = ends.subscription;
  const auto words_of = [&](const Message& m) {
    return reinterpret_cast<const uint64_t*>(reader.payload(m.buffer));
  };
  ++journal.ready;
  Message held, message;
  uint64_t held_word = 0, last = 0, taken = 0;
  for (;;) {
    const bool over = journal.publishing == 0;
    if (!reader.take(message)) {
      if (over) break;
      std::this_thread::yield();
      continue;
    }
    CHECK_EQUAL(message.sequence, last + message.missed + 1);  // what was lost was said
    last = message.sequence;
    CHECK(is_whole(words_of(message)));
    if (++taken % 16 != 0) {
      reader.release(message.pin);
      continue;
    }
    if (held_word != 0) {
      CHECK(is_whole(words_of(held)) && words_of(held)[0] == held_word);
      reader.release(held.pin);
    }
    held = message;
    held_word = words_of(held)[0];
  }
  CHECK_EQUAL(last, kTotal);
}

void check_journal(const Journal& journal) {
  uint64_t last[kPublishers + 1] = {};
  for (uint64_t sequence = 1; sequence <= kTotal; ++sequence) {
    const uint64_t word = journal.first_word[sequence];
    CHECK(word != 0);  // no hole
    const uint64_t who = word >> 32, number = word & 0xffffffff;
    CHECK_EQUAL(number, ++last[who]);  // each publisher's messages are in its order, none missing
  }
}

void check_quiet(const SlotConfig& slot) {
  const ControlFile file(slot);
  CHECK_EQUAL(file.count_states(1), 0u);
  CHECK_EQUAL(file.count_pins(), 0u);
  CHECK(!file.header().readers.any() && !file.header().publishers.any());
  CHECK_EQUAL(file.header().head.load_seq(), kTotal + 1);
}

SlotConfig shared_slot(uint32_t depth) {
  SlotConfig slot = wide(depth);
  slot.max_readers = slot.max_publishers = kPublishers + kReaders;
  return slot;
}

}  // namespace

TEST(
    "delivery: many processes publish and read: one order, no hole, none twice, no torn message, loss said") {
  const auto keep = join();
  for (const uint32_t depth : {1u, 5u, 256u}) {
    const SlotConfig slot = shared_slot(depth);
    auto& journal = shared<Journal>();
    journal.publishing = kPublishers;
    in_processes(kPublishers + kReaders, [&](int i) {
      i < kPublishers ? run_publisher(journal, slot, i) : run_reader(journal, slot);
    });
    check_journal(journal);
    check_quiet(slot);
    CHECK_EQUAL(DomainBytes().taken_rows(), 1u);
  }
}

TEST("delivery: many threads of one process, participants of their own") {
  const SlotConfig slot = shared_slot(5);
  const auto journal = std::make_unique<Journal>();
  journal->publishing = kPublishers;
  std::vector<std::thread> threads;
  std::vector<std::string> errors(kPublishers + kReaders);
  for (int i = 0; i < kPublishers + kReaders; ++i)
    threads.emplace_back([&, i] {
      try {
        i < kPublishers ? run_publisher(*journal, slot, i) : run_reader(*journal, slot);
      } catch (...) {
        errors[static_cast<size_t>(i)] = describe_current_exception();
        journal->publishing = 0;
      }
    });
  for (auto& thread : threads) thread.join();
  for (const auto& error : errors) CHECK_EQUAL(error, std::string());
  check_journal(*journal);
  check_quiet(slot);
}

TEST("delivery: threads that attach, hold and leave beside a publisher leave nothing behind") {
  const SlotConfig slot = shared_slot(3);
  Ends keep(slot);
  std::atomic<bool> over{false};
  std::vector<std::thread> threads;
  std::vector<std::string> errors(3);
  for (size_t i = 0; i < errors.size(); ++i)
    threads.emplace_back([&, i] {
      try {
        for (int round = 0; round < 150; ++round) {
          Ends ends(slot, "visitor");
          Message a, b;
          const uint64_t newest = ends.subscription.newest();
          if (ends.subscription.at(newest, a))
            CHECK(is_whole(reinterpret_cast<const uint64_t*>(ends.subscription.payload(a.buffer))));
          ends.subscription.at(newest > 1 ? newest - 1 : 1, b);
          ends.publisher.loan(8);  // and is left to the destructor, as the pins are
        }
      } catch (...) {
        errors[i] = describe_current_exception();
      }
    });
  std::thread publishing([&] {
    for (uint64_t number = 1; !over; ++number) {
      const uint32_t buffer = keep.publisher.loan(kWords * 8);
      fill(reinterpret_cast<uint64_t*>(keep.publisher.payload(buffer)), 1, number);
      keep.publisher.commit(buffer, kWords * 8);
    }
  });
  for (auto& thread : threads) thread.join();
  over = true;
  publishing.join();
  for (const auto& error : errors) CHECK_EQUAL(error, std::string());
  CHECK_EQUAL(ControlFile(slot).count_states(1), 0u);
  CHECK_EQUAL(ControlFile(slot).count_pins(), 0u);
  CHECK_EQUAL(ControlFile(slot).header().readers.count(), 1u);
  CHECK_EQUAL(DomainBytes().taken_rows(), 1u);
}
