#include "addon/waiter_thread.hpp"

#include <utility>

namespace babus::addon {

WaiterThread::WaiterThread(core::Participant& participant, std::function<void()> on_news)
    : sleeper_(participant, core::SleepMode::kOwnWord),
      on_news_(std::move(on_news)),
      thread_("babus-waiter", [this] { run(); }) {}

WaiterThread::~WaiterThread() {
  disarm();
  {
    const std::lock_guard<std::mutex> hold(mutex_);
    state_ = State::kEnding;
  }
  changed_.notify_all();
  thread_.join();
}

void WaiterThread::arm(std::vector<core::Sleeper::Watch> watches) {
  disarm();
  {
    const std::lock_guard<std::mutex> hold(mutex_);
    watches_ = std::move(watches);
    state_ = State::kArmed;
  }
  changed_.notify_all();
}

void WaiterThread::disarm() {
  std::unique_lock<std::mutex> hold(mutex_);
  if (state_ == State::kArmed) state_ = State::kResting;
  if (state_ == State::kSleeping) {
    disarming_ = true;
    sleeper_.cancel();
    changed_.wait(hold, [this] { return state_ != State::kSleeping; });
    disarming_ = false;
  }
  has_news_ = false;
  watches_.clear();
}

bool WaiterThread::take_news() {
  const std::lock_guard<std::mutex> hold(mutex_);
  return std::exchange(has_news_, false);
}

void WaiterThread::run() {
  std::unique_lock<std::mutex> hold(mutex_);
  for (;;) {
    changed_.wait(hold, [this] { return state_ == State::kArmed || state_ == State::kEnding; });
    if (state_ == State::kEnding) return;
    state_ = State::kSleeping;
    auto woken = core::Sleeper::Woken::kCancelled;
    do {  // a cancel that came when the sleep before this one was ending anyway is still set: it is not meant
          // for us
      hold.unlock();
      woken = sleeper_.sleep(watches_);  // nobody changes watches_ while the state is kSleeping
      hold.lock();
    } while (woken == core::Sleeper::Woken::kCancelled && !disarming_);
    // A domain that was removed is news too: its reader must come and see.
    if (woken != core::Sleeper::Woken::kCancelled && !disarming_) {
      has_news_ = true;
      on_news_();
    }
    state_ = State::kResting;
    changed_.notify_all();
  }
}

}  // namespace babus::addon
