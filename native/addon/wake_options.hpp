#pragma once
#include <napi.h>

#include <cstdint>

namespace babus::addon {

// How news reaches the JavaScript thread. kAuto: the first of the others that there may be here.
enum class WakeMode { kAuto, kLoop, kDoorbell, kThread };

struct WakeOptions {
  WakeMode mode = WakeMode::kAuto;
  // How long the loop's thread looks at its slots before it goes to sleep. 0: not at all.
  uint64_t spin_ns = 0;
  // Look only while messages keep coming.
  bool spin_while_busy = false;
};

// From WakeOptions of framework/native.ts. Throws ERR_BABUS_ARGUMENT.
WakeOptions wake_options_of(const Napi::Object& object);

}  // namespace babus::addon
