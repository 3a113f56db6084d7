#include "addon/waiter_wrap.hpp"

#include <algorithm>
#include <utility>

#include "addon/errors.hpp"

namespace babus::addon {

Napi::FunctionReference WaiterWrap::define(Napi::Env env) {
  return Napi::Persistent(DefineClass(
      env, "NativeWaiter",
      {InstanceAccessor<&WaiterWrap::JS_mechanism>("mechanism"), InstanceMethod<&WaiterWrap::JS_add>("add"),
       InstanceMethod<&WaiterWrap::JS_remove>("remove"), InstanceMethod<&WaiterWrap::JS_arm>("arm"),
       InstanceMethod<&WaiterWrap::JS_ref>("ref"), InstanceMethod<&WaiterWrap::JS_unref>("unref"),
       InstanceMethod<&WaiterWrap::JS_close>("close")}));
}

Napi::Value WaiterWrap::make(const Napi::FunctionReference& constructor, const AttachmentPtr& attachment,
                             const WakeOptions& options, const Napi::Function& on_wake, LoopUsePtr use) {
  Arguments arguments{attachment, options, std::move(use)};
  return constructor.New({Napi::External<Arguments>::New(constructor.Env(), &arguments), on_wake});
}

WaiterWrap::WaiterWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<WaiterWrap>(info) {
  const auto& [attachment, options, use] = *info[0].As<Napi::External<Arguments>>().Data();
  waiter_ = guarded(info.Env(), [&] {
    return Waiter::make(attachment->participant, options, info[1].As<Napi::Function>(), use);
  });
  attachment_ = attachment;
  attachment_->open.insert(this);
  attachment_->has_waiter = true;
}

WaiterWrap::~WaiterWrap() { close(false); }

// The waiter itself is kept: we may be within its callback.
void WaiterWrap::close(bool) {
  if (!attachment_) return;
  waiter_->close();
  watched_.clear();
  attachment_->open.erase(this);
  attachment_->has_waiter = false;
  attachment_.reset();
}

void WaiterWrap::check_open(Napi::Env env) const {
  if (!attachment_) throw_to_js(env, "ERR_BABUS_CLOSED", "this waiter is closed");
}

Napi::Value WaiterWrap::JS_mechanism(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), waiter_->mechanism());
}

void WaiterWrap::JS_add(const Napi::CallbackInfo& info) {
  check_open(info.Env());
  waiter_->disarm();
  const auto object = info[0].As<Napi::Object>();
  watched_.push_back({Napi::Persistent(object), SubscriptionWrap::Unwrap(object)});
}

void WaiterWrap::JS_remove(const Napi::CallbackInfo& info) {
  check_open(info.Env());
  waiter_->disarm();
  const auto* gone = SubscriptionWrap::Unwrap(info[0].As<Napi::Object>());
  std::erase_if(watched_, [&](const Watched& one) { return one.wrap == gone; });
}

void WaiterWrap::JS_arm(const Napi::CallbackInfo& info) {
  check_open(info.Env());
  watches_.clear();
  for (const auto& [object, wrap] : watched_) {
    const auto& subscription = wrap->subscription();
    if (subscription) watches_.push_back({subscription->slot().shared_from_this(), subscription->position()});
  }
  waiter_->arm(watches_);
  watches_.clear();
}

void WaiterWrap::JS_ref(const Napi::CallbackInfo&) { waiter_->keep_alive(true); }

void WaiterWrap::JS_unref(const Napi::CallbackInfo&) { waiter_->keep_alive(false); }

void WaiterWrap::JS_close(const Napi::CallbackInfo&) { close(true); }

}  // namespace babus::addon
