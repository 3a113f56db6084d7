#pragma once
#include <napi.h>

namespace babus::addon {

// Adds inspect(), domains(), removeDomain(), latencyBucketBoundsNs(), monotonicNow() and dieWithParent() to
// the module.
void define_functions(Napi::Env env, Napi::Object exports);

}  // namespace babus::addon
