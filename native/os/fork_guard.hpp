#pragma once
#include "os/fd.hpp"

namespace babus::os {

// While it lives, a plain fork() closes the descriptor in the child. A lock of an open file description lives
// as long as any process has it open, so a forked child would keep its dead parent looking alive. (exec
// closes it anyway.)
class ForkGuard {
 public:
  explicit ForkGuard(Fd& fd);
  ~ForkGuard();
  ForkGuard(const ForkGuard&) = delete;
  ForkGuard& operator=(const ForkGuard&) = delete;

 private:
  Fd& fd_;
};

}  // namespace babus::os
