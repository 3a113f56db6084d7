#include "addon/loop_mechanism.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "os/clock.hpp"

namespace babus::addon {
namespace {

constexpr uint64_t kNsPerMs = 1'000'000;

// After a wake the loop goes back to sleep without a turn, as long as it had one within this time: what only
// a turn serves (immediates that keep nothing alive, for one) waits no longer.
constexpr uint64_t kTurnNs = 1'000'000;

// libuv's clock may be coarser than ours, and not have reached a timer that is due by ours.
constexpr uint64_t kLeastNs = 50'000;

// When nobody looks after the loop's descriptors it does so itself, so often.
constexpr uint64_t kUnwatchedNs = 10 * kNsPerMs;

// No time is not far; sleepers look again by themselves long before.
constexpr uint64_t kFarNs = 3600 * 1000 * kNsPerMs;

}  // namespace

LoopMechanism::Claim::Claim(LoopUsePtr use) : use_(std::move(use)) {
  if (use_->is_taken)
    throw core::Error("ERR_BABUS_ARGUMENT",
                      "wake mode 'loop': another participant of this thread sleeps for its event loop "
                      "already; use 'auto', or 'doorbell', for the others");
  use_->is_taken = true;
}

LoopMechanism::LoopMechanism(core::Participant& participant, LoopHandles& handles, Listener& listener,
                             LoopUsePtr use)
    : loop_(handles.loop()),
      claim_(std::move(use)),
      listener_(listener),
      sleeper_(participant, core::SleepMode::kOwnWord),
      watch_(uv_backend_fd(loop_), [this] { sleeper_.cancel(); }) {
  idle_ = handles.add<uv_idle_t>(uv_idle_init);
  check_ = handles.add<uv_check_t>(uv_check_init);
  uv_unref(reinterpret_cast<uv_handle_t*>(idle_));
  check_->data = this;
  uv_check_start(check_, [](uv_check_t* handle) { static_cast<LoopMechanism*>(handle->data)->rest(); });
}

LoopMechanism::~LoopMechanism() {
  if (gone_ != nullptr) *gone_ = true;
}

bool LoopMechanism::listen(const Watches& watches) {
  watches_ = &watches;
  if (gone_ == nullptr) stay_awake();
  return false;
}

void LoopMechanism::stop() noexcept {
  watches_ = nullptr;
  uv_idle_stop(idle_);
}

// The loop is to come to its check phase without sleeping before.
void LoopMechanism::stay_awake() noexcept {
  uv_idle_start(idle_, [](uv_idle_t*) {});
}

int LoopMechanism::loop_timeout_ms() noexcept {
  const bool was_active = uv_is_active(reinterpret_cast<uv_handle_t*>(idle_)) != 0;
  uv_idle_stop(idle_);
  const int timeout_ms = uv_backend_timeout(loop_);
  if (was_active) stay_awake();
  return timeout_ms;
}

// In the loop's check phase. The listener may listen again, and may close us.
void LoopMechanism::rest() {
  if (watches_ == nullptr || gone_ != nullptr) return;  // the latter: within a loop that a handler runs
  turn_ends_ns_ = os::monotonic_ns() + kTurnNs;
  bool gone = false;
  gone_ = &gone;
  uv_idle_stop(idle_);
  while (watches_ != nullptr && hand_over(look_or_sleep()) && !gone) continue;
  if (gone) return;
  gone_ = nullptr;
  if (watches_ != nullptr) stay_awake();
}

// Sleeps if the loop has nothing else to do, and had a turn a short while ago.
std::optional<core::Sleeper::Woken> LoopMechanism::look_or_sleep() {
  const int timeout_ms = uv_backend_timeout(loop_);
  if (timeout_ms == 0) return peek_once();
  const uint64_t begun_ns = os::monotonic_ns();
  if (begun_ns >= turn_ends_ns_) return std::nullopt;
  uint64_t deadline_ns = begun_ns + (watch_.arm() ? kFarNs : kUnwatchedNs);
  if (timeout_ms > 0) {
    const uint64_t due_ns = (uv_now(loop_) + static_cast<uint64_t>(timeout_ms)) * kNsPerMs;
    deadline_ns = std::min(deadline_ns, std::max(due_ns, begun_ns + kLeastNs));
  }
  const auto woken = sleeper_.sleep(*watches_, deadline_ns);
  claim_.add_slept(os::monotonic_ns() - begun_ns);
  return woken;
}

// What a busy loop does in each of its turns.
std::optional<core::Sleeper::Woken> LoopMechanism::peek_once() noexcept {
  if (turn_ends_ns_ == 0) return std::nullopt;
  turn_ends_ns_ = 0;
  return sleeper_.peek(*watches_);
}

// False when there is nothing to hand over: the loop has its turn.
bool LoopMechanism::hand_over(std::optional<core::Sleeper::Woken> woken) {
  if (woken != core::Sleeper::Woken::kNews && woken != core::Sleeper::Woken::kRetired) return false;
  watches_ = nullptr;
  listener_.on_news();
  return true;
}

}  // namespace babus::addon
