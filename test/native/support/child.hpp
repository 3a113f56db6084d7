#pragma once
#include <sys/types.h>

#include <functional>
#include <vector>

namespace babus::test {

// A forked process that runs `body` and ends without destroying anything it inherited. Killed, if it still
// runs, when this object goes.
class Child {
 public:
  explicit Child(const std::function<void()>& body);
  ~Child();
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;

  pid_t pid() const noexcept { return pid_; }
  // Waits for its end; fails the test unless the body returned.
  void join();
  // Waits for its end; fails the test unless it was by SIGKILL.
  void join_killed();
  // SIGKILL, and waits until it is gone and reaped.
  void kill();
  // SIGKILL, and waits until it has ended, but leaves it a zombie.
  void kill_to_zombie();
  void signal(int number) const;
  // Waits until a signal has stopped it.
  void await_stop() const;
  // True once it has ended, reaped or not; does not wait.
  bool has_ended() const;
  // True while a signal keeps it stopped; does not wait.
  bool has_stopped() const;

 private:
  int wait();
  pid_t pid_;
};

// Runs the body in `count` processes at once, and waits for all. The body gets its number.
void in_processes(int count, const std::function<void(int)>& body);

// One process tells another that it got somewhere. Made before the fork.
class Signal {
 public:
  Signal();
  ~Signal();
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;
  void give() const;
  void await() const;

 private:
  int ends_[2];
};

// Sleeps until it is killed.
[[noreturn]] void wait_for_death();

// Memory that children made later share with us, zeroed.
void* shared_bytes(size_t bytes);
template <typename T>
T& shared() {
  return *static_cast<T*>(shared_bytes(sizeof(T)));
}

}  // namespace babus::test
