#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

#include "core/sleeper.hpp"
#include "os/thread.hpp"

namespace babus::addon {

// A thread that sleeps for the JavaScript thread: armed with what its reader has seen, it calls on_news once
// and rests until it is armed again. While it rests its sleeper bits are clear, so a busy reader costs
// publishers no system call.
class WaiterThread {
 public:
  WaiterThread(core::Participant& participant, std::function<void()> on_news);
  ~WaiterThread();  // joins

  void arm(std::vector<core::Sleeper::Watch> watches);
  // Back to rest; on return the thread looks at no slot any more, and on_news is not called until the next
  // arm().
  void disarm();
  // Whether on_news was called since the last arm(), and nobody asked since: what it sets in motion may come
  // after disarm().
  bool take_news();

 private:
  enum class State { kResting, kArmed, kSleeping, kEnding };
  void run();

  core::Sleeper sleeper_;
  std::function<void()> on_news_;
  std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::kResting;
  bool disarming_ = false;
  bool has_news_ = false;
  std::vector<core::Sleeper::Watch> watches_;
  os::Thread thread_;
};

}  // namespace babus::addon
