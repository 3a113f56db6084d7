#include "addon/thread_mechanism.hpp"

namespace babus::addon {

ThreadMechanism::ThreadMechanism(core::Participant& participant, LoopHandles& handles, Listener& listener)
    : listener_(listener),
      async_(handles.add<uv_async_t>(uv_async_init, &ThreadMechanism::on_async)),
      thread_(participant, [this] { uv_async_send(async_); }) {
  async_->data = this;
}

bool ThreadMechanism::listen(const Watches& watches) {
  thread_.arm(watches);
  return false;
}

void ThreadMechanism::stop() noexcept { thread_.disarm(); }

// May come after stop(), and after the next listen().
void ThreadMechanism::on_async(uv_async_t* handle) {
  auto* self = static_cast<ThreadMechanism*>(handle->data);
  if (self->thread_.take_news()) self->listener_.on_news();
}

}  // namespace babus::addon
