#pragma once
#include <napi.h>

#include <memory>
#include <vector>

#include "addon/attachment.hpp"
#include "addon/subscription_wrap.hpp"
#include "addon/waiter_thread.hpp"

namespace babus::addon {

// NativeWaiter of framework/native.ts. How a wake reaches JavaScript is WaiterThread's business alone; other
// mechanisms take its place behind arm() and the callback.
class WaiterWrap : public Napi::ObjectWrap<WaiterWrap>, public Closable {
 public:
  static Napi::FunctionReference define(Napi::Env env);
  static Napi::Value make(const Napi::FunctionReference& constructor, const AttachmentPtr& attachment,
                          const Napi::Function& on_wake);

  explicit WaiterWrap(const Napi::CallbackInfo& info);
  ~WaiterWrap() override;
  void close(bool may_call_js) override;

 private:
  void JS_add(const Napi::CallbackInfo& info);
  void JS_remove(const Napi::CallbackInfo& info);
  void JS_arm(const Napi::CallbackInfo& info);
  void JS_close(const Napi::CallbackInfo& info);
  void check_open(Napi::Env env) const;

  AttachmentPtr attachment_;
  Napi::ThreadSafeFunction on_wake_;
  std::unique_ptr<WaiterThread> thread_;
  std::vector<Napi::ObjectReference> subscriptions_;
};

}  // namespace babus::addon
