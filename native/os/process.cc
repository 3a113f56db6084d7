#include "os/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "os/error.hpp"
#include "os/fd.hpp"

namespace babus::os {
namespace {

// Reads field 22. The command (field 2) may hold anything, spaces and brackets too: count from the last
// bracket.
bool read_start_time(const std::string& path, uint64_t& out) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return false;
  char text[1024];
  const ssize_t length = ::read(fd.get(), text, sizeof text - 1);
  if (length <= 0) return false;
  text[length] = 0;
  const char* at = std::strrchr(text, ')');
  for (int field = 2; at != nullptr && field < 22; ++field) at = std::strchr(at + 1, ' ');
  if (at == nullptr) return false;
  out = std::strtoull(at + 1, nullptr, 10);
  return true;
}

// A pidfd becomes readable when the last thread has ended, waited for or not. The state letter in /proc would
// call a process dead whose main thread alone has ended.
bool has_ended(const Fd& pidfd) {
  pollfd request{pidfd.get(), POLLIN, 0};
  return ::poll(&request, 1, 0) == 1;
}

}  // namespace

ProcessId this_process() {
  uint64_t start_time = 0;
  if (!read_start_time("/proc/self/stat", start_time)) fail("read", "/proc/self/stat");
  struct stat ns;
  if (::stat("/proc/self/ns/pid", &ns) != 0) fail("stat", "/proc/self/ns/pid");
  return {static_cast<uint32_t>(::getpid()), start_time, static_cast<uint64_t>(ns.st_ino)};
}

bool is_running(const ProcessId& process) {
  // The pidfd pins the pid while its start time is read: without it the pid could be given out again in
  // between.
  const Fd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(process.pid), 0)));
  // EINVAL, ENOENT: no process of that number; it may be a thread's by now.
  if (!pidfd && (errno == ESRCH || errno == EINVAL || errno == ENOENT)) return false;
  uint64_t start_time = 0;
  if (read_start_time("/proc/" + std::to_string(process.pid) + "/stat", start_time) &&
      start_time != process.start_time)
    return false;
  return !pidfd || !has_ended(pidfd);
}

bool die_with_parent() {
  const pid_t parent = ::getppid();
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) fail("prctl", "PR_SET_PDEATHSIG");
  // The parent may have died just before the call: then no signal will ever come.
  return ::getppid() == parent && parent != 1;
}

}  // namespace babus::os
