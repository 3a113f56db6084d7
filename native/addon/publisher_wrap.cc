#include "addon/publisher_wrap.hpp"

#include <algorithm>

#include "addon/errors.hpp"

namespace babus::addon {
namespace {

uint32_t index_of(const Napi::Value& value) { return value.As<Napi::Number>().Uint32Value(); }

// Byte counts come as doubles; negative ones and NaN become 0, and what is beyond every limit stays beyond.
uint64_t bytes_of(const Napi::Value& value) {
  constexpr double kBeyond = 1ull << 53;
  const double bytes = value.As<Napi::Number>().DoubleValue();
  return bytes > 0 ? static_cast<uint64_t>(std::min(bytes, kBeyond)) : 0;
}

}  // namespace

Napi::FunctionReference PublisherWrap::define(Napi::Env env) {
  return Napi::Persistent(DefineClass(
      env, "NativePublisher",
      {InstanceMethod<&PublisherWrap::JS_loan>("loan"), InstanceMethod<&PublisherWrap::JS_reserve>("reserve"),
       InstanceMethod<&PublisherWrap::JS_prefault>("prefault"),
       InstanceMethod<&PublisherWrap::JS_commit>("commit"),
       InstanceMethod<&PublisherWrap::JS_discard>("discard"),
       InstanceMethod<&PublisherWrap::JS_close>("close")}));
}

Napi::Value PublisherWrap::make(const Napi::FunctionReference& constructor, const AttachmentPtr& attachment,
                                std::shared_ptr<core::Slot> slot) {
  Arguments arguments{attachment, std::move(slot)};
  return constructor.New({Napi::External<Arguments>::New(constructor.Env(), &arguments)});
}

PublisherWrap::PublisherWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<PublisherWrap>(info) {
  auto& arguments = *info[0].As<Napi::External<Arguments>>().Data();
  guarded(info.Env(), [&] {
    publisher_.emplace(arguments.slot);
    memory_.emplace(info.This().As<Napi::Object>(), publisher_->slot(), publisher_->data());
  });
  attachment_ = arguments.attachment;
  attachment_->open.insert(this);
}

PublisherWrap::~PublisherWrap() { close(false); }

void PublisherWrap::close(bool may_call_js) {
  if (!attachment_) return;
  if (may_call_js) memory_->detach();
  memory_.reset();
  publisher_.reset();
  attachment_->open.erase(this);
  attachment_.reset();
}

core::Publisher& PublisherWrap::publisher(Napi::Env env) {
  if (!publisher_) throw_to_js(env, "ERR_BABUS_CLOSED", "this publisher is closed");
  return *publisher_;
}

Napi::Value PublisherWrap::JS_loan(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    return Napi::Number::New(info.Env(), publisher(info.Env()).loan(bytes_of(info[0])));
  });
}

void PublisherWrap::JS_reserve(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] { publisher(info.Env()).reserve(index_of(info[0]), bytes_of(info[1])); });
}

void PublisherWrap::JS_prefault(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] { publisher(info.Env()).prefault(); });
}

Napi::Value PublisherWrap::JS_commit(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&] {
    const uint64_t sequence = publisher(info.Env()).commit(index_of(info[0]), bytes_of(info[1]));
    return Napi::Number::New(info.Env(), static_cast<double>(sequence));
  });
}

void PublisherWrap::JS_discard(const Napi::CallbackInfo& info) {
  guarded(info.Env(), [&] { publisher(info.Env()).discard(index_of(info[0])); });
}

void PublisherWrap::JS_close(const Napi::CallbackInfo&) { close(true); }

}  // namespace babus::addon
