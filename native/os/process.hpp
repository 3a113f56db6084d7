#pragma once
#include <cstdint>

namespace babus::os {

// Names one process of this boot for good: a pid alone is given out again.
struct ProcessId {
  uint32_t pid = 0;
  uint64_t start_time = 0;     // clock ticks since boot, field 22 of /proc/<pid>/stat
  uint64_t pid_namespace = 0;  // inode of /proc/self/ns/pid: pids of another namespace mean nothing here
};

ProcessId this_process();

// False only when the process has certainly ended (a zombie has: it runs nothing any more). Meant for
// processes of this pid namespace; callers handle others.
bool is_running(const ProcessId& process);

// Asks the kernel to kill this process when the thread that started it ends. Returns false when the parent is
// gone already.
bool die_with_parent();

}  // namespace babus::os
