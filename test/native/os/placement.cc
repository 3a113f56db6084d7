#include "os/placement.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "harness.hpp"
#include "support/child.hpp"

namespace {

using namespace babus::os;
using babus::test::Child;
using babus::test::Signal;

// A child with a second thread, whose own numbers it tells.
struct Pair {
  pid_t& first = babus::test::shared<pid_t>();
  pid_t& second = babus::test::shared<pid_t>();
  Signal told;
  Child child{[this] {
    first = ::gettid();
    std::thread other([this] {
      second = ::gettid();
      told.give();
      babus::test::wait_for_death();
    });
    other.join();
  }};
  Pair() { told.await(); }
  uint32_t pid() const { return static_cast<uint32_t>(first); }
};

}  // namespace

TEST("placement: all threads of a process run on the processors that are given, and no other") {
  Pair pair;
  cpu_set_t before;
  CHECK_EQUAL(::sched_getaffinity(0, sizeof before, &before), 0);
  uint32_t last = 0;
  for (uint32_t cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &before)) last = cpu;
  set_affinity(pair.pid(), {last});
  for (const pid_t thread : {pair.first, pair.second}) {
    cpu_set_t now;
    CHECK_EQUAL(::sched_getaffinity(thread, sizeof now, &now), 0);
    CHECK_EQUAL(CPU_COUNT(&now), 1);
    CHECK(CPU_ISSET(last, &now));
  }
}

TEST("placement: processors that the machine does not have are refused") {
  Pair pair;
  const std::vector<uint32_t> nowhere{1'000'000};
  CHECK_THROWS(set_affinity(pair.pid(), nowhere), "sched_setaffinity");
}

TEST("placement: all threads of a process are nicer, or batch") {
  Pair pair;
  set_nice(pair.pid(), 7);
  set_policy(pair.pid(), Policy::kBatch, 0);
  for (const pid_t thread : {pair.first, pair.second}) {
    CHECK_EQUAL(::getpriority(PRIO_PROCESS, static_cast<id_t>(thread)), 7);
    CHECK_EQUAL(::sched_getscheduler(thread), SCHED_BATCH);
  }
}

TEST("placement: limits hold for a process, both what it may have and what it may ask for") {
  Pair pair;
  set_limit(pair.pid(), Resource::kOpenFiles, 64);
  set_limit(pair.pid(), Resource::kCore, 0);
  rlimit limit{};
  CHECK_EQUAL(::prlimit(pair.first, RLIMIT_NOFILE, nullptr, &limit), 0);
  CHECK_EQUAL(limit.rlim_cur, 64u);
  CHECK_EQUAL(limit.rlim_max, 64u);
  CHECK_EQUAL(::prlimit(pair.first, RLIMIT_CORE, nullptr, &limit), 0);
  CHECK_EQUAL(limit.rlim_max, 0u);
}

TEST("placement: of a process that has ended nothing is asked") {
  uint32_t pid = 0;
  {
    Pair pair;
    pid = pair.pid();
    pair.child.kill();
  }
  set_affinity(pid, {0});
  set_nice(pid, 1);
  set_policy(pid, Policy::kBatch, 0);
  set_limit(pid, Resource::kCore, 0);
}
