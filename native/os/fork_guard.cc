#include "os/fork_guard.hpp"

#include <pthread.h>

#include <set>

namespace babus::os {
namespace {

// Held during every fork() and every change of a guarded descriptor. Never destroyed: guards of static
// objects may outlive any order of destruction.
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

std::mutex& ForkGuard::forking() { return guard(); }

ForkGuard::ForkGuard(Fd& fd) : fd_(fd) {
  install_once();
  const std::lock_guard<std::mutex> hold(guard());
  guarded().insert(&fd_);
}

// Closed here, not after: a child forked in between would keep it.
ForkGuard::~ForkGuard() {
  const std::lock_guard<std::mutex> hold(guard());
  guarded().erase(&fd_);
  fd_.reset();
}

}  // namespace babus::os
