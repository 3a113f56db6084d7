#include "addon/inspection.hpp"

#include "addon/errors.hpp"
#include "core/inspection.hpp"
#include "core/recovery.hpp"
#include "os/clock.hpp"
#include "os/process.hpp"

namespace babus::addon {
namespace {

Napi::Array array_of(Napi::Env env, const std::vector<std::string>& names) {
  Napi::Array array = Napi::Array::New(env);
  for (const auto& name : names) array.Set(array.Length(), Napi::String::New(env, name));
  return array;
}

Napi::Object object_of(Napi::Env env, const core::ReaderInspection& reader) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("row", reader.row);
  object.Set("name", reader.name);
  object.Set("delivered", static_cast<double>(reader.delivered));
  object.Set("missed", static_cast<double>(reader.missed));
  object.Set("filtered", static_cast<double>(reader.filtered));
  return object;
}

Napi::Object object_of(Napi::Env env, const core::SlotInspection& slot) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("slot", slot.name);
  object.Set("schema", slot.schema_name);
  object.Set("depth", slot.depth);
  object.Set("maxBytes", static_cast<double>(slot.max_bytes));
  object.Set("seq", static_cast<double>(slot.newest));
  object.Set("publishers", array_of(env, slot.publishers));
  object.Set("subscribers", array_of(env, slot.subscribers));
  Napi::Array readers = Napi::Array::New(env);
  for (const auto& reader : slot.readers) readers.Set(readers.Length(), object_of(env, reader));
  object.Set("readers", readers);
  object.Set("bit", slot.bit);
  object.Set("bytesPublished", static_cast<double>(slot.published_bytes));
  object.Set("delivered", static_cast<double>(slot.delivered));
  object.Set("missed", static_cast<double>(slot.missed));
  object.Set("filtered", static_cast<double>(slot.filtered));
  auto latency = Napi::Float64Array::New(env, slot.latency.size());
  for (size_t bucket = 0; bucket < slot.latency.size(); ++bucket)
    latency[bucket] = static_cast<double>(slot.latency[bucket]);
  object.Set("latency", latency);
  return object;
}

const char* sleep_mode_name(core::SleepMode mode) {
  switch (mode) {
    case core::SleepMode::kOwnWord:
      return "own word";
    case core::SleepMode::kDoorbell:
      return "doorbell";
    case core::SleepMode::kEventWord:
      break;
  }
  return "event word";
}

Napi::Object object_of(Napi::Env env, const core::ParticipantInspection& participant) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("row", participant.row);
  object.Set("pid", participant.pid);
  object.Set("name", participant.name);
  object.Set("alive", participant.alive);
  object.Set("viewer", participant.viewer);
  object.Set("sleepMode", sleep_mode_name(participant.sleep_mode));
  object.Set("filteredWakes", static_cast<double>(participant.filtered_wakes));
  return object;
}

Napi::Value inspect(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string root = info[0].As<Napi::String>();
  const std::string domain = info[1].As<Napi::String>();
  const auto found = guarded(env, [&] { return core::inspect(root, domain); });
  Napi::Array slots = Napi::Array::New(env);
  for (const auto& slot : found.slots) slots.Set(slots.Length(), object_of(env, slot));
  Napi::Array participants = Napi::Array::New(env);
  for (const auto& participant : found.participants)
    participants.Set(participants.Length(), object_of(env, participant));
  Napi::Object object = Napi::Object::New(env);
  object.Set("slots", slots);
  object.Set("participants", participants);
  return object;
}

Napi::Value domains(const Napi::CallbackInfo& info) {
  const std::string root = info[0].As<Napi::String>();
  return array_of(info.Env(), guarded(info.Env(), [&] { return core::list_domains(root); }));
}

Napi::Value recover_domain(const Napi::CallbackInfo& info) {
  const std::string root = info[0].As<Napi::String>();
  const std::string domain = info[1].As<Napi::String>();
  return Napi::Number::New(info.Env(),
                           guarded(info.Env(), [&] { return core::recover_domain(root, domain); }));
}

Napi::Value remove_domain(const Napi::CallbackInfo& info) {
  const std::string root = info[0].As<Napi::String>();
  const std::string domain = info[1].As<Napi::String>();
  return Napi::Boolean::New(info.Env(),
                            guarded(info.Env(), [&] { return core::remove_domain(root, domain); }));
}

Napi::Value latency_bucket_bounds_ns(const Napi::CallbackInfo& info) {
  auto bounds = Napi::Float64Array::New(info.Env(), sync::Histogram::kBuckets);
  for (uint32_t bucket = 0; bucket < sync::Histogram::kBuckets; ++bucket)
    bounds[bucket] = static_cast<double>(sync::Histogram::lower_bound_ns(bucket));
  return bounds;
}

Napi::Value monotonic_now(const Napi::CallbackInfo& info) {
  const uint64_t now = os::monotonic_ns();
  Napi::Array pair = Napi::Array::New(info.Env(), 2);
  pair.Set(0u, static_cast<double>(now / 1'000'000'000u));
  pair.Set(1u, static_cast<double>(now % 1'000'000'000u));
  return pair;
}

Napi::Value die_with_parent(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), guarded(info.Env(), [] { return os::die_with_parent(); }));
}

}  // namespace

void define_functions(Napi::Env env, Napi::Object exports) {
  exports.Set("inspect", Napi::Function::New<inspect>(env, "inspect"));
  exports.Set("domains", Napi::Function::New<domains>(env, "domains"));
  exports.Set("recoverDomain", Napi::Function::New<recover_domain>(env, "recoverDomain"));
  exports.Set("removeDomain", Napi::Function::New<remove_domain>(env, "removeDomain"));
  exports.Set("latencyBucketBoundsNs",
              Napi::Function::New<latency_bucket_bounds_ns>(env, "latencyBucketBoundsNs"));
  exports.Set("monotonicNow", Napi::Function::New<monotonic_now>(env, "monotonicNow"));
  exports.Set("dieWithParent", Napi::Function::New<die_with_parent>(env, "dieWithParent"));
}

}  // namespace babus::addon
