#include "addon/wake_options.hpp"

#include <string>

#include "addon/config.hpp"
#include "addon/errors.hpp"

namespace babus::addon {
namespace {

// The event loop stands still meanwhile; its own timers count milliseconds.
constexpr double kMaxSpinUs = 1000;
constexpr double kNsPerUs = 1000;

bool has(const Napi::Object& object, const char* key) { return !object.Get(key).IsUndefined(); }

WakeMode mode_of(Napi::Env env, const std::string& mode) {
  if (mode == "auto") return WakeMode::kAuto;
  if (mode == "loop") return WakeMode::kLoop;
  if (mode == "doorbell") return WakeMode::kDoorbell;
  if (mode == "thread") return WakeMode::kThread;
  throw_to_js(env, "ERR_BABUS_ARGUMENT",
              "wake.mode is '" + mode + "'; it must be one of auto, loop, doorbell, thread");
}

}  // namespace

WakeOptions wake_options_of(const Napi::Object& object) {
  WakeOptions options;
  if (has(object, "mode")) options.mode = mode_of(object.Env(), string_of(object, "mode"));
  if (has(object, "spinUs")) {
    const double spin_us = number_of(object, "spinUs");
    if (!(spin_us >= 0 && spin_us <= kMaxSpinUs))
      throw_to_js(object.Env(), "ERR_BABUS_ARGUMENT",
                  "wake.spinUs is " + std::to_string(spin_us) + "; it must be from 0 to 1000 microseconds");
    options.spin_ns = static_cast<uint64_t>(spin_us * kNsPerUs);
  }
  if (has(object, "spinWhile")) {
    const std::string when = string_of(object, "spinWhile");
    if (when != "always" && when != "busy")
      throw_to_js(object.Env(), "ERR_BABUS_ARGUMENT",
                  "wake.spinWhile is '" + when + "'; it must be always or busy");
    options.spin_while_busy = when == "busy";
  }
  return options;
}

}  // namespace babus::addon
