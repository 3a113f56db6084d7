#include "addon/doorbell_mechanism.hpp"

namespace babus::addon {
namespace {

// As Sleeper's own waits do: nobody rings when a file was cut short, or the descriptor closed by others.
constexpr uint64_t kLookAgainMs = 1000;

const Watches kNothing;

}  // namespace

// The bell stays polled while nobody listens: a ring that comes late is heard and left aside, and no wake
// costs a system call to begin or end polling.
DoorbellMechanism::DoorbellMechanism(core::Participant& participant, LoopHandles& handles, Listener& listener)
    : sleeper_(participant, core::SleepMode::kDoorbell), listener_(listener) {
  auto* timer = handles.add<uv_timer_t>(uv_timer_init);
  poll_ = handles.add<uv_poll_t>(uv_poll_init, sleeper_.fd());
  timer->data = poll_->data = this;
  uv_unref(reinterpret_cast<uv_handle_t*>(timer));
  uv_timer_start(timer, on_tick, kLookAgainMs, kLookAgainMs);
  uv_poll_start(poll_, UV_READABLE, on_ring);
}

bool DoorbellMechanism::listen(const Watches& watches) {
  if (sleeper_.prepare(watches)) return true;
  watches_ = &watches;
  return false;
}

void DoorbellMechanism::stop() noexcept {
  sleeper_.finish();
  watches_ = nullptr;
}

void DoorbellMechanism::on_ring(uv_poll_t* handle, int, int) {
  auto* self = static_cast<DoorbellMechanism*>(handle->data);
  if (!self->sleeper_.look(self->watches_ ? *self->watches_ : kNothing) || !self->watches_) return;
  self->watches_ = nullptr;
  self->listener_.on_news();
}

// Not look(), which counts wakes that brought nothing.
void DoorbellMechanism::on_tick(uv_timer_t* handle) {
  auto* self = static_cast<DoorbellMechanism*>(handle->data);
  if (!self->watches_) return;
  self->sleeper_.finish();
  if (!self->sleeper_.prepare(*self->watches_)) return;
  self->watches_ = nullptr;
  self->listener_.on_news();
}

}  // namespace babus::addon
