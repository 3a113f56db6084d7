#include "os/thread.hpp"

#include <signal.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "os/error.hpp"

namespace babus::os {
namespace {

constexpr size_t kStackBytes = 256 * 1024;

void* run(void* body) {
  const std::unique_ptr<std::function<void()>> own(static_cast<std::function<void()>*>(body));
  (*own)();
  return nullptr;
}

// All but those that an instruction of the thread itself raises: there are handlers for them, and a blocked
// one ends the process.
sigset_t signals_of_others() {
  sigset_t set;
  ::sigfillset(&set);
  for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS}) ::sigdelset(&set, own);
  return set;
}

}  // namespace

Thread::Thread(const char* name, std::function<void()> body) {
  auto own = std::make_unique<std::function<void()>>(std::move(body));
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, kStackBytes);
  // A thread starts with its maker's mask: set here, so that there is no moment in which it takes a signal.
  const sigset_t blocked = signals_of_others();
  sigset_t before;
  ::pthread_sigmask(SIG_SETMASK, &blocked, &before);
  const int failed = ::pthread_create(&thread_, &attributes, run, own.get());
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::pthread_attr_destroy(&attributes);
  if (failed != 0) throw SystemError(failed, "start a thread", name);
  static_cast<void>(own.release());
  ::pthread_setname_np(thread_, name);
}

}  // namespace babus::os
