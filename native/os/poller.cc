#include "os/poller.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <cerrno>

#include "os/error.hpp"

namespace babus::os {
namespace {

int control(const Fd& epoll, int operation, int fd) noexcept {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLONESHOT;
  return ::epoll_ctl(epoll.get(), operation, fd, &event);
}

}  // namespace

Poller::Poller() {
  epoll_guard_.fill([] { return Fd(::epoll_create1(EPOLL_CLOEXEC)); });
  if (!epoll_) fail("epoll_create1", "a poller");
  // Readable from the start: to arm it is to ring it.
  bell_guard_.fill([] { return Fd(::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK)); });
  if (!bell_) fail("eventfd", "a poller");
  if (control(epoll_, EPOLL_CTL_ADD, bell_.get()) != 0) fail("epoll_ctl", "a poller");
}

void Poller::add(int fd) {
  if (control(epoll_, EPOLL_CTL_ADD, fd) != 0) fail("epoll_ctl", "a poller's descriptor");
}

void Poller::remove(int fd) noexcept { control(epoll_, EPOLL_CTL_DEL, fd); }

bool Poller::again(int fd) noexcept { return control(epoll_, EPOLL_CTL_MOD, fd) == 0; }

bool Poller::call() noexcept { return again(bell_.get()); }

bool Poller::wait(std::optional<uint32_t> timeout_ms) noexcept {
  epoll_event events[4];
  const int timeout = timeout_ms ? static_cast<int>(*timeout_ms) : -1;
  return ::epoll_wait(epoll_.get(), events, 4, timeout) >= 0 || errno == EINTR;
}

}  // namespace babus::os
