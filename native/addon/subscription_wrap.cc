#include "addon/subscription_wrap.hpp"

#include "addon/errors.hpp"
#include "core/history.hpp"

namespace babus::addon {
namespace {

constexpr uint64_t kNsPerSec = 1'000'000'000;
constexpr uint64_t kNsMax = ~uint64_t{0};

uint64_t sequence_of(const Napi::Value& value) {
  const double sequence = value.As<Napi::Number>().DoubleValue();
  return sequence >= 0 && sequence < 9007199254740992.0 ? static_cast<uint64_t>(sequence) : 0;
}

// Times beyond what the clock can say are the ends of time.
uint64_t time_of(const Napi::Value& seconds, const Napi::Value& nanoseconds) {
  const double sec = seconds.As<Napi::Number>().DoubleValue();
  const double nsec = nanoseconds.As<Napi::Number>().DoubleValue();
  if (!(sec >= 0 && nsec >= 0)) return 0;
  if (sec >= kNsMax / kNsPerSec - 1 || nsec >= kNsPerSec) return kNsMax;
  return static_cast<uint64_t>(sec) * kNsPerSec + static_cast<uint64_t>(nsec);
}

// NOT_SMALL of framework/native.ts for what is no whole number below 2^31.
int32_t small_of(double value) noexcept {
  if (!(value >= 0 && value < 2147483648.0)) return -1;
  const auto small = static_cast<int32_t>(value);
  return static_cast<double>(small) == value ? small : -1;
}

}  // namespace

Napi::FunctionReference SubscriptionWrap::define(Napi::Env env) {
  return Napi::Persistent(DefineClass(
      env, "NativeSubscription",
      {InstanceMethod<&SubscriptionWrap::JS_take>("take"),
       InstanceMethod<&SubscriptionWrap::JS_newest>("newest"),
       InstanceMethod<&SubscriptionWrap::JS_oldest>("oldest"), InstanceMethod<&SubscriptionWrap::JS_at>("at"),
       InstanceMethod<&SubscriptionWrap::JS_since>("since"),
       InstanceMethod<&SubscriptionWrap::JS_seek>("seek"),
       InstanceMethod<&SubscriptionWrap::JS_release>("release"),
       InstanceMethod<&SubscriptionWrap::JS_close>("close")}));
}

Napi::Value SubscriptionWrap::make(const Napi::FunctionReference& constructor,
                                   const AttachmentPtr& attachment, std::shared_ptr<core::Slot> slot) {
  Arguments arguments{attachment, std::move(slot)};
  return constructor.New({Napi::External<Arguments>::New(constructor.Env(), &arguments)});
}

SubscriptionWrap::SubscriptionWrap(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<SubscriptionWrap>(info) {
  auto& arguments = *info[0].As<Napi::External<Arguments>>().Data();
  Napi::Object self = info.This().As<Napi::Object>();
  guarded(info.Env(), [&] {
    subscription_.emplace(arguments.slot);
    memory_.emplace(self, subscription_->slot(), subscription_->data());
  });
  auto numbers = Napi::Float64Array::New(info.Env(), kInfoCount);
  info_buffer_ = Napi::Persistent(numbers.ArrayBuffer());
  info_ = numbers.Data();
  self.Set("info", numbers);
  auto small = Napi::Int32Array::New(info.Env(), kInfoCount + 1);
  small_info_buffer_ = Napi::Persistent(small.ArrayBuffer());
  small_info_ = small.Data();
  self.Set("smallInfo", small);
  attachment_ = arguments.attachment;
  attachment_->open.insert(this);
}

SubscriptionWrap::~SubscriptionWrap() { close(false); }

void SubscriptionWrap::close(bool may_call_js) {
  if (!attachment_) return;
  if (may_call_js) memory_->detach();
  memory_.reset();
  subscription_.reset();
  attachment_->open.erase(this);
  attachment_.reset();
}

core::Subscription& SubscriptionWrap::open(Napi::Env env) {
  if (!subscription_) throw_to_js(env, "ERR_BABUS_CLOSED", "this subscription is closed");
  return *subscription_;
}

void SubscriptionWrap::fill_info(const core::Message& message) noexcept {
  info_[kBuffer] = message.buffer;
  info_[kSequence] = static_cast<double>(message.sequence);
  info_[kMissed] = static_cast<double>(message.missed);
  info_[kBytes] = static_cast<double>(message.length);
  info_[kMonoSec] = static_cast<double>(message.monotonic_ns / kNsPerSec);
  info_[kMonoNsec] = static_cast<double>(message.monotonic_ns % kNsPerSec);
  info_[kWallSec] = static_cast<double>(message.wall_ns / kNsPerSec);
  info_[kWallNsec] = static_cast<double>(message.wall_ns % kNsPerSec);
  info_[kPin] = message.pin;
  info_[kTakenMs] = static_cast<double>(message.taken_ns) / 1e6;
  for (size_t i = 0; i < kInfoCount; ++i) small_info_[i] = small_of(info_[i]);
}

Napi::Value SubscriptionWrap::JS_take(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    core::Message message;
    core::Subscription& subscription = open(info.Env());
    const bool found = subscription.take(message);
    if (found) fill_info(message);
    mark_news(found && subscription.slot().newest_seen() > message.sequence);
    return Napi::Boolean::New(info.Env(), found);
  });
}

Napi::Value SubscriptionWrap::JS_newest(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    return Napi::Number::New(info.Env(), static_cast<double>(open(info.Env()).newest()));
  });
}

Napi::Value SubscriptionWrap::JS_oldest(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    return Napi::Number::New(info.Env(), static_cast<double>(open(info.Env()).oldest()));
  });
}

Napi::Value SubscriptionWrap::JS_since(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    const uint64_t sequence = core::first_since(open(info.Env()), time_of(info[0], info[1]));
    return Napi::Number::New(info.Env(), static_cast<double>(sequence));
  });
}

Napi::Value SubscriptionWrap::JS_at(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    core::Message message;
    const bool found = open(info.Env()).at(sequence_of(info[0]), message);
    if (found) fill_info(message);
    return Napi::Boolean::New(info.Env(), found);
  });
}

void SubscriptionWrap::JS_seek(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] { open(info.Env()).seek(sequence_of(info[0])); });
}

void SubscriptionWrap::JS_release(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] { open(info.Env()).release(info[0].As<Napi::Number>().Uint32Value()); });
}

void SubscriptionWrap::JS_close(const Napi::CallbackInfo&) { close(true); }

}  // namespace babus::addon
