#include "addon/loop_callback.hpp"

namespace babus::addon {
namespace {

void call_in_scope(napi_env env, napi_ref function) {
  napi_value callee = nullptr;
  napi_value receiver = nullptr;
  if (napi_get_reference_value(env, function, &callee) != napi_ok || callee == nullptr) return;
  if (napi_get_undefined(env, &receiver) != napi_ok) return;
  napi_value result = nullptr;
  if (napi_call_function(env, receiver, callee, 0, nullptr, &result) == napi_ok) return;
  bool pending = false;
  napi_value error = nullptr;
  if (napi_is_exception_pending(env, &pending) != napi_ok || !pending) return;
  if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
}

}  // namespace

LoopCallback::LoopCallback(const Napi::Function& function, const char* resource) : env_(function.Env()) {
  const Napi::Object object = Napi::Object::New(env_);
  napi_create_reference(env_, function, 1, &function_);
  napi_create_reference(env_, object, 1, &resource_);
  napi_async_init(env_, object, Napi::String::New(env_, resource), &context_);
}

LoopCallback::~LoopCallback() {
  napi_async_destroy(env_, context_);
  napi_delete_reference(env_, resource_);
  napi_delete_reference(env_, function_);
}

void LoopCallback::call() const noexcept {
  napi_handle_scope handles = nullptr;
  if (napi_open_handle_scope(env_, &handles) != napi_ok) return;
  napi_value resource = nullptr;
  napi_callback_scope scope = nullptr;
  if (napi_get_reference_value(env_, resource_, &resource) == napi_ok &&
      napi_open_callback_scope(env_, resource, context_, &scope) == napi_ok) {
    const napi_env env = env_;  // `this` may be gone when the function returns
    call_in_scope(env, function_);
    napi_close_callback_scope(env, scope);
    napi_close_handle_scope(env, handles);
    return;
  }
  napi_close_handle_scope(env_, handles);
}

}  // namespace babus::addon
