#pragma once
#include <napi.h>

#include <optional>

#include "addon/attachment.hpp"
#include "addon/slot_memory.hpp"
#include "core/publisher.hpp"

namespace babus::addon {

// NativePublisher of framework/native.ts.
class PublisherWrap : public Napi::ObjectWrap<PublisherWrap>, public Closable {
 public:
  static Napi::FunctionReference define(Napi::Env env);
  static Napi::Value make(const Napi::FunctionReference& constructor, const AttachmentPtr& attachment,
                          std::shared_ptr<core::Slot> slot);

  explicit PublisherWrap(const Napi::CallbackInfo& info);
  ~PublisherWrap() override;
  void close(bool may_call_js) override;

 private:
  struct Arguments {
    AttachmentPtr attachment;
    std::shared_ptr<core::Slot> slot;
  };

  Napi::Value JS_loan(const Napi::CallbackInfo& info);
  void JS_reserve(const Napi::CallbackInfo& info);
  void JS_prefault(const Napi::CallbackInfo& info);
  Napi::Value JS_commit(const Napi::CallbackInfo& info);
  void JS_discard(const Napi::CallbackInfo& info);
  void JS_close(const Napi::CallbackInfo& info);
  core::Publisher& publisher(Napi::Env env);

  AttachmentPtr attachment_;
  std::optional<core::Publisher> publisher_;
  std::optional<SlotMemory> memory_;
};

}  // namespace babus::addon
