#pragma once
#include <napi.h>

namespace babus::addon {

// The functions about placement of NativeModule, framework/native.ts.
void define_placement(Napi::Env env, Napi::Object exports);

}  // namespace babus::addon
