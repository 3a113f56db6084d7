#pragma once
#include <functional>
#include <string>

namespace babus::test {

// How a forked process ended, and what it wrote to stderr.
struct Ended {
  bool by_signal = false;
  int number = 0;  // of the signal, or the exit code
  std::string said;
};

// Runs `body` in a process of its own to its end; exit code 0 when it returns. Without core files, and with
// the system's own handling of SIGSEGV and SIGBUS, whatever a sanitizer had put there.
Ended run_to_end(const std::function<void()>& body);

}  // namespace babus::test
