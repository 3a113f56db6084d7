#pragma once
#include <cstdint>
#include <optional>

#include "os/fd.hpp"
#include "os/fork_guard.hpp"

namespace babus::os {

// One thread waits for descriptors to become readable, and for calls of other threads. It neither reads from
// nor writes to any of them: in a program that closes descriptors it does not know, their numbers may be
// another file's by now.
class Poller {
 public:
  Poller();

  // Reports the descriptor once, when it is readable. To be taken out before it is closed.
  void add(int fd);
  void remove(int fd) noexcept;
  // One that was added, reported or not: once more. False when our own descriptors were closed by somebody
  // else.
  bool again(int fd) noexcept;

  // From any thread: the present wait(), or else the next, returns. False when our descriptors were closed:
  // then a wait() that has begun without a time limit never ends.
  bool call() noexcept;

  // Until something is reported, somebody calls, or the time is over; may return without a reason. False when
  // our own descriptors were closed by somebody else: then it will never report anything again.
  bool wait(std::optional<uint32_t> timeout_ms) noexcept;

 private:
  Fd epoll_;
  ForkGuard epoll_guard_{epoll_};
  Fd bell_;
  ForkGuard bell_guard_{bell_};
};

}  // namespace babus::os
