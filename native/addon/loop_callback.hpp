#pragma once
#include <napi.h>

namespace babus::addon {

// A JavaScript function that the event loop calls: nextTicks and promises run after it as after any callback
// of Node, and what it throws becomes an uncaught exception.
class LoopCallback {
 public:
  LoopCallback(const Napi::Function& function, const char* resource);
  ~LoopCallback();
  LoopCallback(const LoopCallback&) = delete;
  LoopCallback& operator=(const LoopCallback&) = delete;

  // Does nothing in an environment that is being ended.
  void call() const noexcept;

 private:
  // node-addon-api's wrappers throw where an environment ends, and nobody above a callback of the loop could
  // catch that: so the plain interface.
  napi_env env_;
  napi_ref function_ = nullptr;
  napi_ref resource_ = nullptr;
  napi_async_context context_ = nullptr;
};

}  // namespace babus::addon
