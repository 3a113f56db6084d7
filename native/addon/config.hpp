#pragma once
#include <napi.h>

#include <string>

#include "core/geometry.hpp"

namespace babus::addon {

// Readers of plain JavaScript objects. Throw a TypeError naming the property when it is missing or of the
// wrong type.
std::string string_of(const Napi::Object& object, const char* key);
double number_of(const Napi::Object& object, const char* key);
bool boolean_of(const Napi::Object& object, const char* key);

// From the SlotConfig of framework/native.ts.
core::SlotConfig slot_config_of(const Napi::Object& object);

}  // namespace babus::addon
