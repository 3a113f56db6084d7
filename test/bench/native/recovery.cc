// How long after kill -9 a dead participant's buffers and row are given back by one that only watches. The
// baseline is the kernel's own word: how long after the kill a parent can wait for the dead.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench.hpp"
#include "core/participant.hpp"
#include "core/publisher.hpp"
#include "core/subscription.hpp"

namespace {

using namespace babus::core;
namespace bench = babus::bench;

constexpr size_t kKills = 1000;
// Longer than any recovery can take: a recovery that does not come must be seen as one.
constexpr uint64_t kGiveUpNs = 10'000'000'000;

SlotConfig slot_config() {
  SlotConfig slot;
  slot.name = "bench/recovery";
  slot.schema_name = "bench/Message";
  slot.descriptor = "{}";
  slot.layout_hash = 1;
  slot.depth = 8;
  slot.max_bytes = 1024;
  slot.max_readers = slot.max_publishers = 8;
  slot.pins_per_reader = slot.loans_per_publisher = 4;
  return slot;
}

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(what);
}

// Holds a pin and all its loans, says so, and waits for its end.
[[noreturn]] void be_victim(const std::string& root, int ready) {
  Participant self(root, "bench", "victim", false);
  Publisher publisher(self.attach(slot_config()));
  Subscription subscription(self.attach(slot_config()));
  publisher.commit(publisher.loan(8), 8);
  Message message;
  if (!subscription.take(message)) ::_exit(1);
  for (int loan = 0; loan < 4; ++loan) publisher.loan(8);
  if (::write(ready, "x", 1) != 1) ::_exit(1);
  for (;;) ::pause();
}

uint32_t claimed_buffers(const Slot& slot) {
  uint32_t count = 0;
  for (uint32_t b = 0; b < slot.geometry().buffers; ++b)
    count += (slot.control().buffer(b).state.load_seq() & 3u) == 1 ? 1 : 0;
  return count;
}

// The victim's. Not always the same: the last one's number may be held back for a moment after it was freed.
uint32_t other_row(const Participant& keeper) {
  for (uint32_t row = 0; row < kRows; ++row)
    if (row != keeper.row() && keeper.domain().is_taken(row)) return row;
  throw std::runtime_error("the victim has no row");
}

struct Times {
  std::vector<double> kernel;
  std::vector<double> buffers;  // the last of its buffers is free
  std::vector<double> row;
};

void kill_one(const std::string& root, const Participant& keeper, const Slot& slot, Times& times) {
  int ends[2];
  require(::pipe(ends) == 0, "pipe");
  const pid_t victim = ::fork();
  require(victim >= 0, "fork");
  if (victim == 0) {
    try {
      be_victim(root, ends[1]);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "victim: %s\n", error.what());
      ::_exit(1);
    }
  }
  char ready = 0;
  ::close(ends[1]);
  require(::read(ends[0], &ready, 1) == 1, "the victim failed");
  ::close(ends[0]);
  require(claimed_buffers(slot) == 4, "the victim holds no loans");
  const uint32_t row = other_row(keeper);
  const uint64_t from = bench::now_ns();
  ::kill(victim, SIGKILL);
  const auto wait_until = [&](auto&& done) {
    while (!done()) require(bench::now_ns() - from < kGiveUpNs, "a dead participant was not recovered");
    return static_cast<double>(bench::now_ns() - from);
  };
  times.buffers.push_back(wait_until([&] { return claimed_buffers(slot) == 0; }));
  times.row.push_back(wait_until([&] { return !keeper.domain().is_taken(row); }));
  ::waitpid(victim, nullptr, 0);
}

// The same death of a process that takes part in nothing.
double end_one() {
  const pid_t victim = ::fork();
  require(victim >= 0, "fork");
  if (victim == 0)
    for (;;) ::pause();
  const uint64_t from = bench::now_ns();
  ::kill(victim, SIGKILL);
  ::waitpid(victim, nullptr, 0);
  return static_cast<double>(bench::now_ns() - from);
}

void measure(const std::string& root) {
  Participant keeper(root, "bench", "keeper", true, Role::kMember, Watching::kOn);
  const auto slot = keeper.attach(slot_config());
  Times times;
  while (times.row.size() < kKills) {
    kill_one(root, keeper, *slot, times);
    times.kernel.push_back(end_one());
  }
  bench::print(bench::figure_of("recovery", "the kernel's word", times.kernel));
  bench::print(bench::figure_of("recovery", "pins and loans", times.buffers));
  bench::print(bench::figure_of("recovery", "the row", times.row));
}

}  // namespace

int main() {
  const bench::Root root;
  try {
    measure(root.path());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "recovery: %s\n", error.what());
    return 1;
  }
}
