#pragma once
#include <pthread.h>

#include <functional>

namespace babus::os {

// A helper beside the program's own threads: its stack is small, and it takes none of the program's signals.
// A plain fork() leaves it behind: in the child there is nothing to join, and destroying this does nothing.
class Thread {
 public:
  // `name` is for people who look at the process; at most 15 letters. Throws SystemError.
  Thread(const char* name, std::function<void()> body);
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  // To be called once, before this goes, by the process that made it.
  void join() noexcept { ::pthread_join(thread_, nullptr); }

 private:
  pthread_t thread_{};
};

}  // namespace babus::os
