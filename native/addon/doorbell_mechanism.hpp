#pragma once
#include "addon/loop_handles.hpp"
#include "addon/wake_mechanism.hpp"

namespace babus::addon {

// A doorbell that libuv polls: no thread, and the loop sleeps where it always does.
class DoorbellMechanism : public WakeMechanism {
 public:
  // Throws what Sleeper throws.
  DoorbellMechanism(core::Participant& participant, LoopHandles& handles, Listener& listener);
  const char* name() const noexcept override { return "doorbell"; }
  bool listen(const Watches& watches) override;
  void stop() noexcept override;
  uv_handle_t* keeper() noexcept override { return reinterpret_cast<uv_handle_t*>(poll_); }
  int loop_timeout_ms() noexcept override { return uv_backend_timeout(poll_->loop); }

 private:
  static void on_ring(uv_poll_t* handle, int status, int events);
  static void on_tick(uv_timer_t* handle);

  core::Sleeper sleeper_;
  Listener& listener_;
  const Watches* watches_ = nullptr;  // while listening
  uv_poll_t* poll_ = nullptr;
};

}  // namespace babus::addon
