#include "core/fd_watch.hpp"

#include <utility>

namespace babus::core {
namespace {

// When the poller's own descriptors are gone, not even its end can be told to the thread.
constexpr uint32_t kLookMs = 1000;

}  // namespace

FdWatch::FdWatch(int fd, std::function<void()> on_ready) : fd_(fd), on_ready_(std::move(on_ready)) {
  poller_.add(fd_);
  armed_.store_seq(1);
  thread_.emplace("babus-fd-watch", [this] { run(); });
}

FdWatch::~FdWatch() {
  ending_.store_seq(1);
  poller_.call();
  thread_->join();
}

bool FdWatch::arm() noexcept {
  if (broken_.load_seq() != 0) return false;
  if (armed_.load_seq() != 0) return true;  // PAIR arming
  armed_.store_seq(1);                      // PAIR arming
  if (poller_.again(fd_)) return true;
  armed_.store_seq(0);
  return false;
}

// Disarmed first: who arms between that and the call is called for nothing, which does no harm. The other way
// round, who sleeps on after the call would think it armed.
void FdWatch::run() noexcept {
  while (ending_.load_seq() == 0 && broken_.load_seq() == 0) {
    if (!poller_.wait(kLookMs)) broken_.store_seq(1);
    if (ending_.load_seq() != 0) return;
    armed_.store_seq(0);  // PAIR arming
    on_ready_();
  }
}

}  // namespace babus::core
