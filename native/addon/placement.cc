#include "addon/placement.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "addon/errors.hpp"
#include "os/error.hpp"
#include "os/placement.hpp"

namespace babus::addon {
namespace {

// undefined, or what the kernel said, and whether it is a matter of rights.
template <typename Call>
Napi::Value refusal_of(Napi::Env env, Call&& call) {
  try {
    call();
  } catch (const os::SystemError& error) {
    Napi::Object refusal = Napi::Object::New(env);
    refusal.Set("reason", Napi::String::New(env, error.what()));
    refusal.Set("notPermitted", Napi::Boolean::New(env, error.not_permitted()));
    return refusal;
  }
  return env.Undefined();
}

uint32_t pid_of(const Napi::CallbackInfo& info) { return info[0].As<Napi::Number>().Uint32Value(); }

os::Policy policy_of(Napi::Env env, const std::string& name) {
  if (name == "other") return os::Policy::kOther;
  if (name == "batch") return os::Policy::kBatch;
  if (name == "idle") return os::Policy::kIdle;
  if (name == "fifo") return os::Policy::kFifo;
  if (name == "rr") return os::Policy::kRoundRobin;
  throw_to_js(env, "ERR_BABUS_ARGUMENT",
              "policy is '" + name + "'; it must be one of other, batch, idle, fifo, rr");
}

os::Resource resource_of(Napi::Env env, const std::string& name) {
  if (name == "core") return os::Resource::kCore;
  if (name == "lockedMemory") return os::Resource::kLockedMemory;
  if (name == "openFiles") return os::Resource::kOpenFiles;
  throw_to_js(env, "ERR_BABUS_ARGUMENT",
              "resource is '" + name + "'; it must be one of core, lockedMemory, openFiles");
}

Napi::Value set_affinity(const Napi::CallbackInfo& info) {
  const auto numbers = info[1].As<Napi::Array>();
  std::vector<uint32_t> cpus;
  for (uint32_t i = 0; i < numbers.Length(); ++i)
    cpus.push_back(numbers.Get(i).As<Napi::Number>().Uint32Value());
  return refusal_of(info.Env(), [&] { os::set_affinity(pid_of(info), cpus); });
}

Napi::Value set_policy(const Napi::CallbackInfo& info) {
  const os::Policy policy = policy_of(info.Env(), info[1].As<Napi::String>());
  const int priority = info[2].As<Napi::Number>().Int32Value();
  return refusal_of(info.Env(), [&] { os::set_policy(pid_of(info), policy, priority); });
}

Napi::Value set_nice(const Napi::CallbackInfo& info) {
  const int nice = info[1].As<Napi::Number>().Int32Value();
  return refusal_of(info.Env(), [&] { os::set_nice(pid_of(info), nice); });
}

Napi::Value set_limit(const Napi::CallbackInfo& info) {
  const os::Resource resource = resource_of(info.Env(), info[1].As<Napi::String>());
  const double value = info[2].As<Napi::Number>().DoubleValue();
  const uint64_t most = std::isinf(value) ? os::kUnlimited : static_cast<uint64_t>(value);
  return refusal_of(info.Env(), [&] { os::set_limit(pid_of(info), resource, most); });
}

}  // namespace

void define_placement(Napi::Env env, Napi::Object exports) {
  exports.Set("setAffinity", Napi::Function::New<set_affinity>(env, "setAffinity"));
  exports.Set("setPolicy", Napi::Function::New<set_policy>(env, "setPolicy"));
  exports.Set("setNice", Napi::Function::New<set_nice>(env, "setNice"));
  exports.Set("setLimit", Napi::Function::New<set_limit>(env, "setLimit"));
}

}  // namespace babus::addon
