#include <napi.h>

#include "addon/inspection.hpp"
#include "addon/participant_wrap.hpp"
#include "addon/placement.hpp"
#include "addon/publisher_wrap.hpp"
#include "addon/subscription_wrap.hpp"
#include "addon/waiter_wrap.hpp"
#include "core/layout.hpp"

namespace {

constexpr double kNsPerMs = 1e6;

Napi::Value loop_slept_ms(const Napi::CallbackInfo& info) {
  const auto& classes = *info.Env().GetInstanceData<babus::addon::Classes>();
  return Napi::Number::New(info.Env(), static_cast<double>(classes.loop->slept_ns) / kNsPerMs);
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  using namespace babus::addon;
  env.SetInstanceData(
      new Classes{PublisherWrap::define(env), SubscriptionWrap::define(env), WaiterWrap::define(env)});
  exports.Set("Participant", ParticipantWrap::define(env));
  exports.Set("layoutVersion", babus::core::kLayoutVersion);
  exports.Set("loopSleptMs", Napi::Function::New<loop_slept_ms>(env, "loopSleptMs"));
  define_functions(env, exports);
  define_placement(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(babus, init)
