#pragma once
#include "addon/loop_handles.hpp"
#include "addon/waiter_thread.hpp"
#include "addon/wake_mechanism.hpp"

namespace babus::addon {

// A thread sleeps for the loop. For those who may have no doorbell.
class ThreadMechanism : public WakeMechanism {
 public:
  ThreadMechanism(core::Participant& participant, LoopHandles& handles, Listener& listener);
  const char* name() const noexcept override { return "thread"; }
  bool listen(const Watches& watches) override;
  void stop() noexcept override;
  uv_handle_t* keeper() noexcept override { return reinterpret_cast<uv_handle_t*>(async_); }
  int loop_timeout_ms() noexcept override { return uv_backend_timeout(async_->loop); }

 private:
  static void on_async(uv_async_t* handle);

  Listener& listener_;
  uv_async_t* async_;
  WaiterThread thread_;
};

}  // namespace babus::addon
