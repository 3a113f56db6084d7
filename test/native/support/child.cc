#include "support/child.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <utility>

#include "harness.hpp"
#include "os/error.hpp"
#include "os/process.hpp"

namespace babus::test {

Child::Child(const std::function<void()>& body) : pid_(-1) {
  std::fflush(nullptr);
  pid_ = ::fork();
  if (pid_ < 0) os::fail("fork", "a child");
  if (pid_ > 0) return;
  os::die_with_parent();
  try {
    body();
  } catch (...) {
    std::fprintf(stderr, "  in a child: %s\n", describe_current_exception().c_str());
    ::_exit(1);
  }
  ::_exit(0);
}

Child::Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

Child::~Child() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  wait();
}

void Child::await_stop() const {
  siginfo_t info;
  while (::waitid(P_PID, static_cast<id_t>(pid_), &info, WSTOPPED | WNOWAIT) < 0)
    if (errno != EINTR) os::fail("waitid", std::to_string(pid_));
}

int Child::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0)
    if (errno != EINTR) os::fail("waitpid", std::to_string(pid_));
  pid_ = -1;
  return status;
}

void Child::join() {
  const int status = wait();
  if (WIFSIGNALED(status)) throw Failure("a child was ended by signal " + std::to_string(WTERMSIG(status)));
  if (WEXITSTATUS(status) != 0) throw Failure("a child failed");
}

void Child::join_killed() {
  const int status = wait();
  if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) throw Failure("a child was not killed");
}

void Child::kill() {
  ::kill(pid_, SIGKILL);
  wait();
}

void Child::kill_to_zombie() {
  ::kill(pid_, SIGKILL);
  siginfo_t info;
  while (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) < 0)
    if (errno != EINTR) os::fail("waitid", std::to_string(pid_));
}

void Child::signal(int number) const { ::kill(pid_, number); }

bool Child::has_ended() const {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0) return true;
  return info.si_pid == pid_;
}

bool Child::has_stopped() const {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WSTOPPED | WNOHANG | WNOWAIT) != 0) return false;
  return info.si_pid == pid_;
}

void in_processes(int count, const std::function<void(int)>& body) {
  std::vector<Child> children;
  for (int i = 0; i < count; ++i) children.emplace_back([&, i] { body(i); });
  for (Child& child : children) child.join();
}

Signal::Signal() {
  if (::pipe(ends_) != 0) os::fail("pipe", "a signal");
}

Signal::~Signal() {
  ::close(ends_[0]);
  ::close(ends_[1]);
}

void Signal::give() const {
  if (::write(ends_[1], "x", 1) != 1) os::fail("write", "a signal");
}

void Signal::await() const {
  char got = 0;
  ssize_t count = 0;
  while ((count = ::read(ends_[0], &got, 1)) < 0 && errno == EINTR) continue;
  if (count != 1) throw Failure("the other process ended before it gave the signal");
}

void wait_for_death() {
  for (;;) ::pause();
}

void* shared_bytes(size_t bytes) {
  void* address = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED) os::fail("mmap", "memory shared with children");
  return address;
}

}  // namespace babus::test
