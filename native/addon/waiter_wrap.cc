#include "addon/waiter_wrap.hpp"

#include <algorithm>

#include "addon/errors.hpp"

namespace babus::addon {

Napi::FunctionReference WaiterWrap::define(Napi::Env env) {
  return Napi::Persistent(DefineClass(
      env, "NativeWaiter",
      {InstanceMethod<&WaiterWrap::JS_add>("add"), InstanceMethod<&WaiterWrap::JS_remove>("remove"),
       InstanceMethod<&WaiterWrap::JS_arm>("arm"), InstanceMethod<&WaiterWrap::JS_close>("close")}));
}

Napi::Value WaiterWrap::make(const Napi::FunctionReference& constructor, const AttachmentPtr& attachment,
                             const Napi::Function& on_wake) {
  AttachmentPtr argument = attachment;
  return constructor.New({Napi::External<AttachmentPtr>::New(constructor.Env(), &argument), on_wake});
}

WaiterWrap::WaiterWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<WaiterWrap>(info) {
  attachment_ = *info[0].As<Napi::External<AttachmentPtr>>().Data();
  on_wake_ = Napi::ThreadSafeFunction::New(info.Env(), info[1].As<Napi::Function>(), "babus.waiter", 1, 1);
  // A full queue (of one) means that a wake is on its way already.
  try {
    thread_ = guarded(info.Env(), [this] {
      return std::make_unique<WaiterThread>(attachment_->participant, [this] { on_wake_.NonBlockingCall(); });
    });
  } catch (...) {
    attachment_.reset();
    on_wake_.Release();  // or it would keep the process alive
    throw;
  }
  attachment_->open.insert(this);
  attachment_->has_waiter = true;
}

WaiterWrap::~WaiterWrap() { close(false); }

void WaiterWrap::close(bool) {
  if (!attachment_) return;
  thread_.reset();  // joins first: the thread calls on_wake_
  on_wake_.Release();
  subscriptions_.clear();
  attachment_->open.erase(this);
  attachment_->has_waiter = false;
  attachment_.reset();
}

void WaiterWrap::check_open(Napi::Env env) const {
  if (!attachment_) throw_to_js(env, "ERR_BABUS_CLOSED", "this waiter is closed");
}

void WaiterWrap::JS_add(const Napi::CallbackInfo& info) {
  check_open(info.Env());
  thread_->disarm();
  subscriptions_.push_back(Napi::Persistent(info[0].As<Napi::Object>()));
}

void WaiterWrap::JS_remove(const Napi::CallbackInfo& info) {
  check_open(info.Env());
  thread_->disarm();
  const Napi::Value gone = info[0];
  const auto is_gone = [&](const Napi::ObjectReference& one) { return one.Value().StrictEquals(gone); };
  subscriptions_.erase(std::remove_if(subscriptions_.begin(), subscriptions_.end(), is_gone),
                       subscriptions_.end());
}

void WaiterWrap::JS_arm(const Napi::CallbackInfo& info) {
  check_open(info.Env());
  std::vector<core::Sleeper::Watch> watches;
  for (const auto& reference : subscriptions_) {
    const auto& subscription = SubscriptionWrap::Unwrap(reference.Value())->subscription();
    if (subscription) watches.push_back({subscription->slot().shared_from_this(), subscription->position()});
  }
  thread_->arm(std::move(watches));
}

void WaiterWrap::JS_close(const Napi::CallbackInfo&) { close(true); }

}  // namespace babus::addon
