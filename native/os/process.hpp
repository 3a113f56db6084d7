#pragma once
#include <cstdint>

#include "os/fd.hpp"

namespace babus::os {

// Names one process of this boot for good: a pid alone is given out again.
struct ProcessId {
  uint32_t pid = 0;
  uint64_t start_time = 0;     // clock ticks since boot, field 22 of /proc/<pid>/stat
  uint64_t pid_namespace = 0;  // inode of /proc/self/ns/pid: pids of another namespace mean nothing here
};

// Asked of the kernel each time: a forked child is another process, perhaps in another namespace.
ProcessId this_process();
uint64_t own_pid_namespace();  // costs no descriptor

enum class Life { kRunning, kEnded, kUnknown };
struct OpenedProcess {
  Life life;
  Fd fd;  // a pidfd, readable once the process has ended; there when it is running
};

// For a process of this pid namespace. kUnknown when it may run but cannot be held open: without descriptors,
// or where the kernel or a sandbox forbids it.
OpenedProcess open_process(const ProcessId& process);

// Of what open_process() opened. A pidfd becomes readable when the last thread has ended, waited for or not;
// the state letter in /proc would call a process dead whose first thread alone has ended.
bool has_ended(const Fd& process);

// False only when the process has certainly ended (a zombie has: it runs nothing any more). Meant for
// processes of this pid namespace; callers handle others.
bool is_running(const ProcessId& process);

// Asks the kernel to kill this process when the thread that started it ends. Returns false when the parent is
// gone already.
bool die_with_parent();

}  // namespace babus::os
