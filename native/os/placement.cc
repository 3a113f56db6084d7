#include "os/placement.hpp"

#include <dirent.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>

#include "os/error.hpp"

namespace babus::os {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

// Empty when the process has ended.
std::set<pid_t> threads_of(uint32_t pid) {
  std::set<pid_t> threads;
  const std::unique_ptr<DIR, CloseFolder> folder(
      ::opendir(("/proc/" + std::to_string(pid) + "/task").c_str()));
  if (!folder) return threads;
  while (const dirent* entry = ::readdir(folder.get())) {
    const long number = std::strtol(entry->d_name, nullptr, 10);
    if (number > 0) threads.insert(static_cast<pid_t>(number));
  }
  return threads;
}

// A thread that is started meanwhile has what its starter had at that moment, so all are looked at again
// until none is new.
template <typename Set>
void for_each_thread(uint32_t pid, const char* call, Set&& set) {
  std::set<pid_t> done;
  for (bool found = true; found;) {
    found = false;
    for (const pid_t thread : threads_of(pid)) {
      if (!done.insert(thread).second) continue;
      found = true;
      if (set(thread) != 0 && errno != ESRCH) fail(call, "process " + std::to_string(pid));
    }
  }
}

int number_of(Policy policy) {
  switch (policy) {
    case Policy::kBatch:
      return SCHED_BATCH;
    case Policy::kIdle:
      return SCHED_IDLE;
    case Policy::kFifo:
      return SCHED_FIFO;
    case Policy::kRoundRobin:
      return SCHED_RR;
    case Policy::kOther:
      break;
  }
  return SCHED_OTHER;
}

__rlimit_resource number_of(Resource resource) {
  switch (resource) {
    case Resource::kCore:
      return RLIMIT_CORE;
    case Resource::kLockedMemory:
      return RLIMIT_MEMLOCK;
    case Resource::kOpenFiles:
      break;
  }
  return RLIMIT_NOFILE;
}

struct FreeCpuSet {
  void operator()(cpu_set_t* set) const noexcept { CPU_FREE(set); }
};

}  // namespace

void set_affinity(uint32_t pid, const std::vector<uint32_t>& cpus) {
  uint32_t most = 0;
  for (const uint32_t cpu : cpus) most = cpu > most ? cpu : most;
  const std::unique_ptr<cpu_set_t, FreeCpuSet> set(CPU_ALLOC(most + 1));
  const size_t bytes = CPU_ALLOC_SIZE(most + 1);
  CPU_ZERO_S(bytes, set.get());
  for (const uint32_t cpu : cpus) CPU_SET_S(cpu, bytes, set.get());
  for_each_thread(pid, "sched_setaffinity",
                  [&](pid_t thread) { return ::sched_setaffinity(thread, bytes, set.get()); });
}

void set_policy(uint32_t pid, Policy policy, int priority) {
  sched_param parameters{};
  parameters.sched_priority = priority;
  for_each_thread(pid, "sched_setscheduler",
                  [&](pid_t thread) { return ::sched_setscheduler(thread, number_of(policy), &parameters); });
}

void set_nice(uint32_t pid, int nice) {
  for_each_thread(pid, "setpriority",
                  [&](pid_t thread) { return ::setpriority(PRIO_PROCESS, static_cast<id_t>(thread), nice); });
}

void set_limit(uint32_t pid, Resource resource, uint64_t value) {
  const rlim_t most = value == kUnlimited ? RLIM_INFINITY : static_cast<rlim_t>(value);
  const rlimit limit{most, most};
  if (::prlimit(static_cast<pid_t>(pid), number_of(resource), &limit, nullptr) != 0 && errno != ESRCH)
    fail("prlimit", "process " + std::to_string(pid));
}

}  // namespace babus::os
