#pragma once
#include <napi.h>

#include <optional>

#include "addon/attachment.hpp"
#include "addon/slot_memory.hpp"
#include "core/subscription.hpp"

namespace babus::addon {

// NativeSubscription of framework/native.ts.
class SubscriptionWrap : public Napi::ObjectWrap<SubscriptionWrap>, public Closable {
 public:
  static Napi::FunctionReference define(Napi::Env env);
  static Napi::Value make(const Napi::FunctionReference& constructor, const AttachmentPtr& attachment,
                          std::shared_ptr<core::Slot> slot);

  explicit SubscriptionWrap(const Napi::CallbackInfo& info);
  ~SubscriptionWrap() override;
  void close(bool may_call_js) override;

  // Tells JavaScript, in smallInfo, whether there is something to take.
  void mark_news(bool is_news) noexcept { small_info_[kInfoCount] = is_news ? 1 : 0; }

  // Empty once closed.
  const std::optional<core::Subscription>& subscription() const noexcept { return subscription_; }

 private:
  // INFO of framework/native.ts.
  enum Info : size_t {
    kBuffer,
    kSequence,
    kMissed,
    kBytes,
    kMonoSec,
    kMonoNsec,
    kWallSec,
    kWallNsec,
    kPin,
    kTakenMs,
    kInfoCount
  };

  struct Arguments {
    AttachmentPtr attachment;
    std::shared_ptr<core::Slot> slot;
  };

  Napi::Value JS_take(const Napi::CallbackInfo& info);
  Napi::Value JS_newest(const Napi::CallbackInfo& info);
  Napi::Value JS_oldest(const Napi::CallbackInfo& info);
  Napi::Value JS_at(const Napi::CallbackInfo& info);
  Napi::Value JS_since(const Napi::CallbackInfo& info);
  void JS_seek(const Napi::CallbackInfo& info);
  void JS_release(const Napi::CallbackInfo& info);
  void JS_close(const Napi::CallbackInfo& info);
  core::Subscription& open(Napi::Env env);
  void fill_info(const core::Message& message) noexcept;

  AttachmentPtr attachment_;
  std::optional<core::Subscription> subscription_;
  std::optional<SlotMemory> memory_;
  // What take() and at() found, read by JavaScript without a property look-up per value and without garbage.
  // The reference keeps the numbers in place whatever JavaScript does with the `info` property.
  Napi::Reference<Napi::ArrayBuffer> info_buffer_;
  double* info_ = nullptr;
  Napi::Reference<Napi::ArrayBuffer> small_info_buffer_;
  int32_t* small_info_ = nullptr;
};

}  // namespace babus::addon
