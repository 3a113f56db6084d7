#pragma once
#include <functional>
#include <optional>

#include "os/poller.hpp"
#include "os/thread.hpp"
#include "sync/atomic.hpp"

namespace babus::core {

// Looks after a descriptor for a thread that sleeps elsewhere, in a Sleeper: an event loop's, whose
// descriptor is readable when the loop has something to do. Nothing is read from it.
class FdWatch {
 public:
  // `on_ready` is called on a thread of its own, and is to wake the sleeper. Throws SystemError.
  FdWatch(int fd, std::function<void()> on_ready);
  ~FdWatch();  // joins

  // From now on on_ready() comes once there is something to poll; it may also come without a reason. No
  // system call while nothing came since the last time. False: nobody watches, because our descriptors were
  // closed by somebody else.
  bool arm() noexcept;

 private:
  void run() noexcept;

  const int fd_;
  const std::function<void()> on_ready_;
  os::Poller poller_;
  sync::Word32 armed_{};
  sync::Word32 ending_{};
  sync::Word32 broken_{};
  std::optional<os::Thread> thread_;
};

}  // namespace babus::core
