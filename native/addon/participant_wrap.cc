#include "addon/participant_wrap.hpp"

#include "addon/config.hpp"
#include "addon/errors.hpp"
#include "addon/publisher_wrap.hpp"
#include "addon/subscription_wrap.hpp"
#include "addon/waiter_wrap.hpp"

namespace babus::addon {

Napi::Function ParticipantWrap::define(Napi::Env env) {
  return DefineClass(env, "NativeParticipant",
                     {InstanceAccessor<&ParticipantWrap::JS_row>("row"),
                      InstanceAccessor<&ParticipantWrap::JS_retired>("retired"),
                      InstanceMethod<&ParticipantWrap::JS_publisher>("publisher"),
                      InstanceMethod<&ParticipantWrap::JS_subscription>("subscription"),
                      InstanceMethod<&ParticipantWrap::JS_subscription_to>("subscriptionTo"),
                      InstanceMethod<&ParticipantWrap::JS_waiter>("waiter"),
                      InstanceMethod<&ParticipantWrap::JS_leave>("leave")});
}

namespace {

// Threads of its own, so that deaths are seen while JavaScript is busy.
core::Watching watching_of(const Napi::Object& options) {
  const std::string watch = options.Has("watch") ? string_of(options, "watch") : "neighbours";
  if (watch == "none") return core::Watching::kOff;
  if (watch == "neighbours") return core::Watching::kOn;
  if (watch == "everybody") return core::Watching::kEverybody;
  throw_to_js(options.Env(), "ERR_BABUS_ARGUMENT",
              "watch is '" + watch + "'; it must be one of none, neighbours, everybody");
}

}  // namespace

ParticipantWrap::ParticipantWrap(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<ParticipantWrap>(info), env_(info.Env()) {
  const auto options = info[0].As<Napi::Object>();
  const std::string root = string_of(options, "root");
  const std::string domain = string_of(options, "domain");
  const std::string name = string_of(options, "name");
  const bool create = boolean_of(options, "create");
  const bool viewer = options.Has("viewer") && boolean_of(options, "viewer");
  const auto role = viewer ? core::Role::kViewer : core::Role::kMember;
  if (options.Has("wake") && !options.Get("wake").IsUndefined()) {
    if (!options.Get("wake").IsObject())
      throw_to_js(info.Env(), "ERR_BABUS_ARGUMENT", "wake must be an object");
    wake_ = wake_options_of(options.Get("wake").As<Napi::Object>());
  }
  const auto watching = watching_of(options);
  attachment_ = guarded(info.Env(), [&] {
    return AttachmentPtr(
        new Attachment{core::Participant(root, domain, name, create, role, watching), {}, false});
  });
  napi_add_env_cleanup_hook(env_, on_environment_end, this);
}

ParticipantWrap::~ParticipantWrap() {
  napi_remove_env_cleanup_hook(env_, on_environment_end, this);
  // Not leave(): publishers and subscriptions may live on without this object, and keep the attachment.
}

void ParticipantWrap::on_environment_end(void* self) { static_cast<ParticipantWrap*>(self)->leave(false); }

void ParticipantWrap::leave(bool may_call_js) {
  if (!attachment_) return;
  attachment_->close_all(may_call_js);
  attachment_.reset();
}

core::Participant& ParticipantWrap::participant(Napi::Env env) const {
  if (!attachment_) throw_to_js(env, "ERR_BABUS_CLOSED", "this participant has left its domain");
  return attachment_->participant;
}

Napi::Value ParticipantWrap::JS_row(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), participant(info.Env()).row());
}

Napi::Value ParticipantWrap::JS_retired(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), participant(info.Env()).is_retired());
}

Napi::Value ParticipantWrap::JS_publisher(const Napi::CallbackInfo& info) {
  const auto config = slot_config_of(info[0].As<Napi::Object>());
  auto slot = guarded(info.Env(), [&] { return participant(info.Env()).attach(config); });
  return PublisherWrap::make(info.Env().GetInstanceData<Classes>()->publisher, attachment_, std::move(slot));
}

Napi::Value ParticipantWrap::JS_subscription(const Napi::CallbackInfo& info) {
  const auto config = slot_config_of(info[0].As<Napi::Object>());
  auto slot = guarded(info.Env(), [&] { return participant(info.Env()).attach(config); });
  return SubscriptionWrap::make(info.Env().GetInstanceData<Classes>()->subscription, attachment_,
                                std::move(slot));
}

Napi::Value ParticipantWrap::JS_subscription_to(const Napi::CallbackInfo& info) {
  const std::string name = info[0].As<Napi::String>();
  auto slot = guarded(info.Env(), [&] { return participant(info.Env()).attach(name); });
  return SubscriptionWrap::make(info.Env().GetInstanceData<Classes>()->subscription, attachment_,
                                std::move(slot));
}

Napi::Value ParticipantWrap::JS_waiter(const Napi::CallbackInfo& info) {
  participant(info.Env());
  // Both would sleep on the one row, and the first to wake would take the other's sleeper bits away.
  if (attachment_->has_waiter)
    throw_to_js(info.Env(), "ERR_BABUS_ARGUMENT", "this participant has a waiter already; close it first");
  const auto& classes = *info.Env().GetInstanceData<Classes>();
  return WaiterWrap::make(classes.waiter, attachment_, wake_, info[0].As<Napi::Function>(), classes.loop);
}

void ParticipantWrap::JS_leave(const Napi::CallbackInfo&) { leave(true); }

}  // namespace babus::addon
