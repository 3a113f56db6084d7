#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "harness.hpp"
#include "sync/ring.hpp"

// Threads on plain memory: here a thread sanitizer sees both sides of every access, payloads included, which
// it does not when processes share a file through mappings of their own.
namespace {

using babus::sync::BufferState;
using babus::sync::Found;
using babus::sync::kRows;
using babus::sync::Ring;
using babus::sync::RowSet;
using babus::sync::Word64;

constexpr uint32_t kDepth = 4;
constexpr uint32_t kPublishers = 3;
constexpr uint32_t kReaders = 3;
constexpr uint32_t kPins = 2;
constexpr uint32_t kLoans = 2;
constexpr uint32_t kBuffers = kDepth + kReaders * kPins + kPublishers * kLoans;
constexpr uint64_t kEach = 8'000;  // messages of one publisher
constexpr uint64_t kBits = 4;      // of a ring word: 16 buffers
constexpr size_t kWordsOfPayload = 16;
static_assert(kBuffers == 16);

struct Payload {
  uint64_t sequence;
  uint64_t words[kWordsOfPayload];
};

struct Stress {
  Word64 head, words[kDepth], hazards[kRows * kPins];
  BufferState buffers[kBuffers];
  RowSet readers;
  Payload payloads[kBuffers] = {};
  Ring ring{{&head, words, buffers, hazards, &readers, kDepth, kBuffers, kPins}};
  std::atomic<uint32_t> publishing{kPublishers};
  std::mutex mutex;
  std::vector<std::pair<uint64_t, uint64_t>> published;  // sequence, content
  std::vector<std::string> failures;

  void complain(std::string what) {
    const std::lock_guard<std::mutex> hold(mutex);
    if (failures.size() < 10) failures.push_back(std::move(what));
  }
};

uint32_t claim(Stress& s, uint64_t owner, uint32_t& hint) {
  for (;;) {
    hint = (hint + 1) % kBuffers;
    if (s.ring.try_claim(hint, owner)) return hint;
  }
}

// A publisher that ends as if it were killed: it leaves a claim, or a message whose head nobody moved; then
// it is recovered, twice at once, and goes on as the next participant of its row.
void die_and_be_recovered(Stress& s, uint32_t row, uint64_t owner, uint32_t& hint, uint64_t content) {
  const uint32_t b = claim(s, owner, hint);
  std::fill_n(s.payloads[b].words, kWordsOfPayload, content);
  for (int attempt = 0; attempt < 3; ++attempt) {
    const uint64_t next = s.head.load_seq();
    uint64_t old = s.words[next % kDepth].load_seq();
    if ((old >> kBits) >= next / kDepth + 1) continue;
    s.payloads[b].sequence = next;
    if (!s.words[next % kDepth].swap_if_seq(old, ((next / kDepth + 1) << kBits) | b)) continue;
    const std::lock_guard<std::mutex> hold(s.mutex);
    s.published.emplace_back(next, content);
    break;
  }
  std::thread second([&] { s.ring.recover(row, owner); });
  s.ring.recover(row, owner);
  second.join();
}

void publisher(Stress& s, uint32_t row) {
  std::vector<std::pair<uint64_t, uint64_t>> mine;
  uint32_t hint = row * 5;
  uint64_t generation = 1;
  for (uint64_t i = 1; i <= kEach; ++i) {
    const uint64_t owner = Ring::claimed_state(row, generation);
    const uint64_t content = row * 1'000'000 + i;
    const uint32_t b = claim(s, owner, hint);
    if (i % 7 == 0) {
      s.ring.discard(b);
      continue;
    }
    std::fill_n(s.payloads[b].words, kWordsOfPayload, content);
    const auto done = s.ring.commit(b, [&](uint64_t sequence) { s.payloads[b].sequence = sequence; });
    mine.emplace_back(done.sequence, content);
    if (i % 100 == 0) die_and_be_recovered(s, row, owner, hint, content + 500'000), ++generation;
  }
  const std::lock_guard<std::mutex> hold(s.mutex);
  s.published.insert(s.published.end(), mine.begin(), mine.end());
  --s.publishing;
}

bool is_whole(const Payload& payload, uint64_t sequence, uint64_t content) {
  return payload.sequence == sequence && std::all_of(payload.words, payload.words + kWordsOfPayload,
                                                     [&](uint64_t word) { return word == content; });
}

// Takes every message it can, holds it while others publish, and looks at it again.
void reader(Stress& s, uint32_t row) {
  s.readers.add(row);
  uint64_t next = 1;
  uint32_t held[kPins] = {};
  uint64_t sequences[kPins] = {}, contents[kPins] = {};
  for (uint32_t place = 0;; place = (place + 1) % kPins) {
    if (sequences[place] != 0) {
      if (!is_whole(s.payloads[held[place]], sequences[place], contents[place]))
        s.complain("a pinned message changed");
      s.ring.unpin(row, place);
      sequences[place] = 0;
    }
    const bool over = s.publishing == 0;
    const Found found = s.ring.pin(row, place, next, held[place]);
    if (found == Found::kNotYet && over) break;
    if (found == Found::kCorrupt) s.complain("a ring word names no buffer");
    if (found == Found::kGone) {
      bool helped = false;
      next = std::max(next + 1, s.ring.newest(helped) - std::min<uint64_t>(kDepth - 1, next));
    }
    if (found != Found::kMessage) continue;
    sequences[place] = next++;
    contents[place] = s.payloads[held[place]].words[0];
    if (!is_whole(s.payloads[held[place]], sequences[place], contents[place])) s.complain("a torn message");
  }
  for (uint32_t place = 0; place < kPins; ++place) s.ring.unpin(row, place);
}

void check_order(const Stress& s) {
  for (size_t i = 0; i < s.published.size(); ++i)
    CHECK_EQUAL(s.published[i].first, i + 1);  // no hole, none twice
  uint64_t last[kPublishers] = {};
  for (const auto& [sequence, content] : s.published) {
    const uint64_t row = content / 1'000'000;
    const uint64_t number = content % 500'000;
    CHECK(number >= last[row]);  // a publisher's messages are in its order
    last[row] = number;
  }
}

}  // namespace

TEST("ring: publishers that die, recoverers and slow readers: no hole, no torn message, nothing leaked") {
  const auto s = std::make_unique<Stress>();
  s->head.store_seq(1);
  std::vector<std::thread> threads;
  for (uint32_t row = 0; row < kPublishers; ++row) threads.emplace_back([&, row] { publisher(*s, row); });
  for (uint32_t row = 0; row < kReaders; ++row) threads.emplace_back([&, row] { reader(*s, 10 + row); });
  for (auto& thread : threads) thread.join();
  CHECK(s->failures.empty() || (babus::test::fail(__FILE__, __LINE__, s->failures.front()), false));
  std::sort(s->published.begin(), s->published.end());
  CHECK(!s->published.empty());
  check_order(*s);
  uint32_t free = 0;
  for (uint32_t b = 0; b < kBuffers; ++b) free += s->ring.try_claim(b, Ring::claimed_state(200, 1)) ? 1 : 0;
  CHECK_EQUAL(free, kBuffers - kDepth);
}

// Between a reader's look at the ring word and its announcement the buffer may be published over; its second
// look must tell. Depth 1 and as few buffers as can be, so that a publisher comes back to the same buffer at
// once.
TEST("ring: a reader that is overtaken between its two looks lets go") {
  constexpr uint64_t kMessages = 400'000;
  struct Rig {
    Word64 head, word, hazards[kRows];
    BufferState buffers[3];
    RowSet readers;
    Payload payloads[3] = {};
    Ring ring{{&head, &word, buffers, hazards, &readers, 1, 3, 1}};
  };
  const auto rig = std::make_unique<Rig>();
  rig->head.store_seq(1);
  rig->readers.add(0);
  std::atomic<uint64_t> torn{0}, whole{0};
  std::thread reading([&] {
    for (uint64_t newest = 0; newest < kMessages; newest = rig->ring.newest_seen()) {
      uint32_t b = 0;
      if (newest == 0 || rig->ring.pin(0, 0, newest, b) != Found::kMessage) continue;
      ++(is_whole(rig->payloads[b], newest, newest) ? whole : torn);
      rig->ring.unpin(0, 0);
    }
  });
  uint32_t next = 0;
  for (uint64_t i = 1; i <= kMessages; ++i) {
    while (!rig->ring.try_claim(next, Ring::claimed_state(1, 1))) next = (next + 1) % 3;
    Payload& payload = rig->payloads[next];
    std::fill_n(payload.words, kWordsOfPayload, i);
    const auto done = rig->ring.commit(next, [&](uint64_t sequence) { payload.sequence = sequence; });
    next = done.pushed_out.value_or(0);
  }
  reading.join();
  CHECK_EQUAL(torn.load(), 0u);
  CHECK(whole > 0);
}
