#pragma once
#include <napi.h>

#include <memory>
#include <vector>

#include "addon/attachment.hpp"
#include "addon/subscription_wrap.hpp"
#include "addon/waiter.hpp"

namespace babus::addon {

// NativeWaiter of framework/native.ts.
class WaiterWrap : public Napi::ObjectWrap<WaiterWrap>, public Closable {
 public:
  static Napi::FunctionReference define(Napi::Env env);
  static Napi::Value make(const Napi::FunctionReference& constructor, const AttachmentPtr& attachment,
                          const WakeOptions& options, const Napi::Function& on_wake, LoopUsePtr use);

  explicit WaiterWrap(const Napi::CallbackInfo& info);
  ~WaiterWrap() override;
  void close(bool may_call_js) override;

 private:
  struct Arguments {
    AttachmentPtr attachment;
    WakeOptions options;
    LoopUsePtr use;
  };
  struct Watched {
    Napi::ObjectReference object;  // keeps the wrap there
    SubscriptionWrap* wrap;
  };

  Napi::Value JS_mechanism(const Napi::CallbackInfo& info);
  void JS_add(const Napi::CallbackInfo& info);
  void JS_remove(const Napi::CallbackInfo& info);
  void JS_arm(const Napi::CallbackInfo& info);
  Napi::Value JS_rest(const Napi::CallbackInfo& info);
  void JS_look(const Napi::CallbackInfo& info);
  void JS_ref(const Napi::CallbackInfo& info);
  void JS_unref(const Napi::CallbackInfo& info);
  void JS_close(const Napi::CallbackInfo& info);
  void check_open(Napi::Env env) const;
  void watch_all();
  void note_positions();
  bool mark_news() noexcept;
  void mark_woken() noexcept;

  AttachmentPtr attachment_;
  std::shared_ptr<Waiter> waiter_;
  std::vector<Watched> watched_;
};

}  // namespace babus::addon
