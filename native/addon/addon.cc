#include <napi.h>

#include "addon/inspection.hpp"
#include "addon/participant_wrap.hpp"
#include "addon/publisher_wrap.hpp"
#include "addon/subscription_wrap.hpp"
#include "addon/waiter_wrap.hpp"
#include "core/layout.hpp"

namespace {

Napi::Object init(Napi::Env env, Napi::Object exports) {
  using namespace babus::addon;
  env.SetInstanceData(
      new Classes{PublisherWrap::define(env), SubscriptionWrap::define(env), WaiterWrap::define(env)});
  exports.Set("Participant", ParticipantWrap::define(env));
  exports.Set("layoutVersion", babus::core::kLayoutVersion);
  define_functions(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(babus, init)
