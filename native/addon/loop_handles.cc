#include "addon/loop_handles.hpp"

#include "os/error.hpp"

namespace babus::addon {

LoopHandles::LoopHandles(napi_env env, void* owner, void (*on_end)(void* owner))
    : owner_(owner), on_end_(on_end) {
  napi_get_uv_event_loop(env, &loop_);
  napi_add_async_cleanup_hook(env, on_environment_end, this, &hook_);
}

// Ends the wait of an environment that is ending, else just takes the hook away.
LoopHandles::~LoopHandles() { napi_remove_async_cleanup_hook(hook_); }

void LoopHandles::on_environment_end(napi_async_cleanup_hook_handle, void* data) {
  auto* self = static_cast<LoopHandles*>(data);
  if (self->owner_ != nullptr) self->on_end_(self->owner_);
}

void LoopHandles::close() {
  if (owner_ == nullptr) return;
  owner_ = nullptr;
  open_ = handles_.size();
  if (open_ == 0) {
    delete this;
    return;
  }
  for (uv_any_handle& handle : handles_) {
    handle.handle.data = this;
    uv_close(&handle.handle, on_closed);
  }
}

void LoopHandles::on_closed(uv_handle_t* handle) {
  auto* self = static_cast<LoopHandles*>(handle->data);
  if (--self->open_ == 0) delete self;
}

void LoopHandles::fail(int error) { throw os::SystemError(-error, "watch", "the event loop's handle"); }

}  // namespace babus::addon
