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
       InstanceMethod<&WaiterWrap::JS_rest>("rest"), InstanceMethod<&WaiterWrap::JS_look>("look"),
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
    return Waiter::make(
        attachment->participant, options, info[1].As<Napi::Function>(), [this] { mark_woken(); }, use);
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
  const auto object = info[0].As<Napi::Object>();
  watched_.push_back({Napi::Persistent(object), SubscriptionWrap::Unwrap(object)});
  watch_all();
}

void WaiterWrap::JS_remove(const Napi::CallbackInfo& info) {
  check_open(info.Env());
  const auto* gone = SubscriptionWrap::Unwrap(info[0].As<Napi::Object>());
  std::erase_if(watched_, [&](const Watched& one) { return one.wrap == gone; });
  watch_all();
}

void WaiterWrap::watch_all() {
  Watches watches;
  std::erase_if(watched_, [](const Watched& one) { return !one.wrap->subscription(); });
  for (const auto& [object, wrap] : watched_)
    watches.push_back({wrap->subscription()->slot().shared_from_this(), 0});
  waiter_->watch(std::move(watches));
}

// Disarms. Subscriptions that were closed meanwhile are looked after no more.
void WaiterWrap::note_positions() {
  waiter_->disarm();
  const auto is_closed = [](const Watched& one) { return !one.wrap->subscription(); };
  if (std::any_of(watched_.begin(), watched_.end(), is_closed)) watch_all();
  for (size_t i = 0; i < watched_.size(); ++i)
    waiter_->watches()[i].seen = watched_[i].wrap->subscription()->position();
}

bool WaiterWrap::mark_news() noexcept {
  bool any = false;
  for (size_t i = 0; i < watched_.size(); ++i) {
    const bool is_news = core::Sleeper::is_news(waiter_->watches()[i]);
    watched_[i].wrap->mark_news(is_news);
    any |= is_news;
  }
  return any;
}

// A wake without news is for everybody: the domain was removed.
void WaiterWrap::mark_woken() noexcept {
  if (mark_news()) return;
  for (const auto& watched : watched_) watched.wrap->mark_news(true);
}

void WaiterWrap::JS_arm(const Napi::CallbackInfo& info) {
  check_open(info.Env());
  note_positions();
  waiter_->arm();
}

Napi::Value WaiterWrap::JS_rest(const Napi::CallbackInfo& info) {
  check_open(info.Env());
  note_positions();
  const bool rests = !mark_news();
  if (rests) waiter_->arm();
  return Napi::Boolean::New(info.Env(), rests);
}

void WaiterWrap::JS_look(const Napi::CallbackInfo& info) {
  check_open(info.Env());
  note_positions();
  mark_news();
}

void WaiterWrap::JS_ref(const Napi::CallbackInfo&) { waiter_->keep_alive(true); }

void WaiterWrap::JS_unref(const Napi::CallbackInfo&) { waiter_->keep_alive(false); }

void WaiterWrap::JS_close(const Napi::CallbackInfo&) { close(true); }

}  // namespace babus::addon
