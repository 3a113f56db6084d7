// The floor of every round trip between two processes: each waits on a futex word of its own in shared
// memory, writes the other's and wakes it. Prints one JSON object.
//
//   floor "one core"|"two cores"|none sleep|spin
#include <linux/futex.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "bench.hpp"

namespace {

constexpr uint32_t kRounds = 30'000;
constexpr uint32_t kWarmUp = kRounds / 10;

// A cache line of its own for each, as two participants' rows have.
struct Words {
  alignas(64) std::atomic<uint32_t> ping;
  alignas(64) std::atomic<uint32_t> echo;
};

void pin_to(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0) {
    std::perror("floor: sched_setaffinity");
    std::exit(1);
  }
}

class Side {
 public:
  Side(std::atomic<uint32_t>& mine, std::atomic<uint32_t>& theirs, bool spin)
      : mine_(mine), theirs_(theirs), spin_(spin) {}

  void wait_for(uint32_t value) {
    while (mine_.load() != value)
      if (!spin_) ::syscall(SYS_futex, &mine_, FUTEX_WAIT, value - 1, nullptr, nullptr, 0);
  }

  void send(uint32_t value) {
    theirs_.store(value);
    if (!spin_) ::syscall(SYS_futex, &theirs_, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
  }

 private:
  std::atomic<uint32_t>& mine_;
  std::atomic<uint32_t>& theirs_;
  bool spin_;
};

[[noreturn]] void be_echo(Words& words, bool spin) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  Side side(words.echo, words.ping, spin);
  for (uint32_t round = 1; round <= kRounds; ++round) {
    side.wait_for(round);
    side.send(round);
  }
  ::_exit(0);
}

std::vector<uint64_t> round_trips(Words& words, bool spin) {
  Side side(words.ping, words.echo, spin);
  std::vector<uint64_t> times;
  times.reserve(kRounds);
  for (uint32_t round = 1; round <= kRounds; ++round) {
    const uint64_t start = babus::bench::now_ns();
    side.send(round);
    side.wait_for(round);
    times.push_back(babus::bench::now_ns() - start);
  }
  times.erase(times.begin(), times.begin() + kWarmUp);
  return times;
}

void print(std::vector<uint64_t> times, const std::string& pinning, bool spin) {
  std::sort(times.begin(), times.end());
  const auto at = [&](size_t per_mille) {
    return static_cast<double>(times[times.size() * per_mille / 1000]) / 1000;
  };
  double sum = 0;
  for (const uint64_t time : times) sum += static_cast<double>(time) / 1000;
  std::printf(
      "{\"pinning\":\"%s\",\"spinning\":%s,\"mean_us\":%.3f,\"p50_us\":%.3f,\"p99_us\":%.3f,\"p999_us\":%.3f,"
      "\"samples\":%zu}\n",
      pinning.c_str(), spin ? "true" : "false", sum / static_cast<double>(times.size()), at(500), at(990),
      at(999), times.size());
}

}  // namespace

int main(int count, char** arguments) {
  const std::string pinning = count == 3 ? arguments[1] : "";
  const std::string how = count == 3 ? arguments[2] : "";
  if ((pinning != "one core" && pinning != "two cores" && pinning != "none") ||
      (how != "sleep" && how != "spin")) {
    std::fprintf(stderr, "usage: floor 'one core'|'two cores'|none sleep|spin\n");
    return 2;
  }
  void* memory = ::mmap(nullptr, sizeof(Words), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    std::perror("floor: mmap");
    return 1;
  }
  auto& words = *new (memory) Words{};
  const pid_t echo = ::fork();
  if (echo < 0) {
    std::perror("floor: fork");
    return 1;
  }
  if (pinning != "none") pin_to(echo == 0 && pinning == "two cores" ? 1 : 0);
  if (echo == 0) be_echo(words, how == "spin");
  auto times = round_trips(words, how == "spin");
  int status = 0;
  if (::waitpid(echo, &status, 0) < 0 || status != 0) {
    std::fprintf(stderr, "floor: the other process failed\n");
    return 1;
  }
  print(std::move(times), pinning, how == "spin");
}
