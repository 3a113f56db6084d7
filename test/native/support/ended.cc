#include "support/ended.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "harness.hpp"
#include "os/error.hpp"
#include "os/process.hpp"

namespace babus::test {
namespace {

[[noreturn]] void run(const std::function<void()>& body, int stderr_end) {
  ::dup2(stderr_end, STDERR_FILENO);
  os::die_with_parent();
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::signal(SIGSEGV, SIG_DFL);
  ::signal(SIGBUS, SIG_DFL);
  try {
    body();
  } catch (...) {
    std::fprintf(stderr, "%s\n", describe_current_exception().c_str());
    ::_exit(1);
  }
  ::_exit(0);
}

std::string read_all(int end) {
  std::string all;
  char some[4096];
  for (;;) {
    const ssize_t count = ::read(end, some, sizeof some);
    if (count > 0) all.append(some, static_cast<size_t>(count));
    if (count == 0 || (count < 0 && errno != EINTR)) return all;
  }
}

}  // namespace

Ended run_to_end(const std::function<void()>& body) {
  std::fflush(nullptr);
  int ends[2];
  if (::pipe(ends) != 0) os::fail("pipe", "stderr");
  const pid_t pid = ::fork();
  if (pid < 0) os::fail("fork", "a process");
  if (pid == 0) run(body, ends[1]);
  ::close(ends[1]);
  Ended out;
  out.said = read_all(ends[0]);
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  out.by_signal = WIFSIGNALED(status);
  out.number = out.by_signal ? WTERMSIG(status) : WEXITSTATUS(status);
  return out;
}

}  // namespace babus::test
