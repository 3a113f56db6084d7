#pragma once
#include <mutex>

#include "os/fd.hpp"

namespace babus::os {

// While it lives, a plain fork() closes the descriptor in the child. A lock of an open file description lives
// as long as any process has it open, so a forked child would keep its dead parent looking alive. (exec
// closes it anyway.) The guard closes the descriptor when it goes.
class ForkGuard {
 public:
  explicit ForkGuard(Fd& fd);
  ~ForkGuard();
  ForkGuard(const ForkGuard&) = delete;
  ForkGuard& operator=(const ForkGuard&) = delete;

  // Puts what open() returns into the descriptor. A fork() of another thread comes before or after, never
  // between the opening and the storing, where its child would keep what nobody guards.
  template <typename Open>
  void fill(Open&& open) {
    const std::lock_guard<std::mutex> hold(forking());
    fd_ = open();
  }

 private:
  static std::mutex& forking();
  Fd& fd_;
};

}  // namespace babus::os
