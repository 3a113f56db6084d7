#pragma once
#include <node_api.h>
#include <uv.h>

#include <cstddef>
#include <list>

namespace babus::addon {

// The libuv handles of one owner. A handle may be freed only once libuv has called back about its end, and an
// environment (a worker's above all) must not end before that: so they live in a block of their own, for
// which the end of the environment waits. All on the loop's thread.
class LoopHandles {
 public:
  // `on_end(owner)`: the environment ends; it must lead to close().
  LoopHandles(napi_env env, void* owner, void (*on_end)(void* owner));
  LoopHandles(const LoopHandles&) = delete;
  LoopHandles& operator=(const LoopHandles&) = delete;

  // A handle whose `data` is the owner. `init` takes loop and handle, and what comes after them. Throws
  // SystemError.
  template <typename Handle, typename Init, typename... Rest>
  Handle* add(Init init, Rest... rest) {
    handles_.emplace_back();
    auto* handle = reinterpret_cast<Handle*>(&handles_.back());
    if (const int error = init(loop_, handle, rest...); error != 0) {
      handles_.pop_back();
      fail(error);
    }
    handle->data = owner_;
    return handle;
  }

  uv_loop_t* loop() const noexcept { return loop_; }

  // Calls back no more. Frees this when libuv has let go of the last handle.
  void close();

 private:
  ~LoopHandles();
  [[noreturn]] static void fail(int error);
  static void on_environment_end(napi_async_cleanup_hook_handle, void* self);
  static void on_closed(uv_handle_t* handle);

  uv_loop_t* loop_ = nullptr;
  void* owner_;
  void (*on_end_)(void* owner);
  napi_async_cleanup_hook_handle hook_ = nullptr;
  std::list<uv_any_handle> handles_;
  size_t open_ = 0;  // once closing
};

}  // namespace babus::addon
