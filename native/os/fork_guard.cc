#include "os/fork_guard.hpp"

#include <pthread.h>

#include <mutex>
#include <set>

namespace babus::os {
namespace {

// Never destroyed: guards of static objects may outlive any order of destruction.
std::mutex& guard() {
  static auto* const mutex = new std::mutex;
  return *mutex;
}

std::set<Fd*>& guarded() {
  static auto* const fds = new std::set<Fd*>;
  return *fds;
}

void close_in_child() {
  for (Fd* fd : guarded()) fd->reset();
  guard().unlock();
}

void install_once() {
  static const int installed =
      ::pthread_atfork([] { guard().lock(); }, [] { guard().unlock(); }, close_in_child);
  (void)installed;
}

}  // namespace

ForkGuard::ForkGuard(Fd& fd) : fd_(fd) {
  install_once();
  const std::lock_guard<std::mutex> hold(guard());
  guarded().insert(&fd_);
}

ForkGuard::~ForkGuard() {
  const std::lock_guard<std::mutex> hold(guard());
  guarded().erase(&fd_);
}

}  // namespace babus::os
