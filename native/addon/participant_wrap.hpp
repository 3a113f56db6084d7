#pragma once
#include <napi.h>

#include "addon/attachment.hpp"
#include "addon/loop_mechanism.hpp"
#include "addon/wake_options.hpp"

namespace babus::addon {

// What the addon keeps for one environment (the main thread's, or a worker's).
struct Classes {
  Napi::FunctionReference publisher;
  Napi::FunctionReference subscription;
  Napi::FunctionReference waiter;
  LoopUsePtr loop = std::make_shared<LoopUse>();
};

// NativeParticipant of framework/native.ts. A worker that is terminated runs no JavaScript any more: its
// environment's cleanup hook leaves for it.
class ParticipantWrap : public Napi::ObjectWrap<ParticipantWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit ParticipantWrap(const Napi::CallbackInfo& info);
  ~ParticipantWrap() override;

 private:
  Napi::Value JS_row(const Napi::CallbackInfo& info);
  Napi::Value JS_retired(const Napi::CallbackInfo& info);
  Napi::Value JS_publisher(const Napi::CallbackInfo& info);
  Napi::Value JS_subscription(const Napi::CallbackInfo& info);
  Napi::Value JS_subscription_to(const Napi::CallbackInfo& info);
  Napi::Value JS_waiter(const Napi::CallbackInfo& info);
  void JS_leave(const Napi::CallbackInfo& info);
  void leave(bool may_call_js);
  core::Participant& participant(Napi::Env env) const;
  static void on_environment_end(void* self);

  Napi::Env env_;
  AttachmentPtr attachment_;
  WakeOptions wake_;
};

}  // namespace babus::addon
