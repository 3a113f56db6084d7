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
#include <optional>
#include <string>
#include <utility>

#include "os/error.hpp"

namespace babus::os {
namespace {

struct Stat {
  char state;           // field 3
  uint64_t threads;     // field 20
  uint64_t start_time;  // field 22
};

// The command (field 2) may hold anything, spaces and brackets too: count from the last bracket.
std::optional<Stat> read_stat(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return std::nullopt;
  char text[1024];
  const ssize_t length = ::read(fd.get(), text, sizeof text - 1);
  if (length <= 0) return std::nullopt;
  text[length] = 0;
  Stat stat{};
  const char* at = std::strrchr(text, ')');
  for (int field = 3; field <= 22; ++field) {
    at = at == nullptr ? nullptr : std::strchr(at + 1, ' ');
    if (at == nullptr) return std::nullopt;
    if (field == 3) stat.state = at[1];
    if (field == 20) stat.threads = std::strtoull(at + 1, nullptr, 10);
    if (field == 22) stat.start_time = std::strtoull(at + 1, nullptr, 10);
  }
  return stat;
}

// The number under which /proc knows the process of a pidfd. /proc may show another pid namespace than ours
// (after unshare() it is the parent's), so our own number may be somebody else's there. 0: not to be seen.
long number_in_proc(const Fd& pidfd) {
  const Fd info(::open(("/proc/self/fdinfo/" + std::to_string(pidfd.get())).c_str(), O_RDONLY | O_CLOEXEC));
  if (!info) return 0;
  char text[1024];
  const ssize_t length = ::read(info.get(), text, sizeof text - 1);
  if (length <= 0) return 0;
  text[length] = 0;
  const char* at = std::strstr(text, "\nPid:");
  return at == nullptr ? 0 : std::strtol(at + 5, nullptr, 10);
}

// True when the process that has this number now started at another time.
bool is_another(long number, const ProcessId& process) {
  const auto stat = read_stat("/proc/" + std::to_string(number) + "/stat");
  return stat && stat->start_time != process.start_time;
}

// For where a sandbox or an old kernel has no pidfds. Without one the number may be given out again between
// the two questions; then the answer is that of a living one, and is asked for again.
bool has_ended_by_proc(const ProcessId& process) {
  if (::kill(static_cast<pid_t>(process.pid), 0) != 0 && errno == ESRCH) return true;
  const auto stat = read_stat("/proc/" + std::to_string(process.pid) + "/stat");
  if (!stat) return false;
  const bool is_zombie = (stat->state == 'Z' || stat->state == 'X') && stat->threads <= 1;
  return is_zombie || stat->start_time != process.start_time;
}

}  // namespace

ProcessId this_process() {
  const auto stat = read_stat("/proc/self/stat");
  if (!stat) fail("read", "/proc/self/stat");
  return {static_cast<uint32_t>(::getpid()), stat->start_time, own_pid_namespace()};
}

uint64_t own_pid_namespace() {
  struct stat ns;
  if (::stat("/proc/self/ns/pid", &ns) != 0) fail("stat", "/proc/self/ns/pid");
  return static_cast<uint64_t>(ns.st_ino);
}

bool has_ended(const Fd& process) {
  pollfd request{process.get(), POLLIN, 0};
  return ::poll(&request, 1, 0) == 1;
}

OpenedProcess open_process(const ProcessId& process) {
  // The pidfd pins the process while its start time is read: without it the pid could be given out again in
  // between.
  Fd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(process.pid), 0)));
  if (!pidfd) {
    // EINVAL, ENOENT: no process of that number; it may be a thread's by now.
    if (errno == ESRCH || errno == EINVAL || errno == ENOENT) return {Life::kEnded, Fd()};
    return {has_ended_by_proc(process) ? Life::kEnded : Life::kUnknown, Fd()};
  }
  if (has_ended(pidfd)) return {Life::kEnded, Fd()};
  const long number = number_in_proc(pidfd);
  if (number > 0 && is_another(number, process)) return {Life::kEnded, Fd()};
  return {Life::kRunning, std::move(pidfd)};
}

bool is_running(const ProcessId& process) { return open_process(process).life != Life::kEnded; }

bool die_with_parent() {
  const pid_t parent = ::getppid();
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) fail("prctl", "PR_SET_PDEATHSIG");
  // The parent may have died just before the call: then no signal will ever come.
  return ::getppid() == parent && parent != 1;
}

}  // namespace babus::os
