#include "addon/config.hpp"

#include <charconv>
#include <cmath>

#include "addon/errors.hpp"

namespace babus::addon {
namespace {

template <typename T>
T integer_of(const Napi::Object& object, const char* key) {
  const double value = number_of(object, key);
  constexpr double kMost = sizeof(T) == 4 ? 4294967295.0 : 9007199254740991.0;
  if (!(value >= 0 && value <= kMost) || value != std::floor(value))
    throw_to_js(
        object.Env(), "ERR_BABUS_ARGUMENT",
        std::string(key) + " is " + std::to_string(value) + "; it must be a whole number, not negative");
  return static_cast<T>(value);
}

uint64_t hash_of(const Napi::Object& object) {
  const std::string text = string_of(object, "layoutHash");
  uint64_t hash = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hash, 16);
  if (error != std::errc() || end != text.data() + text.size() || text.size() != 16)
    throw_to_js(object.Env(), "ERR_BABUS_ARGUMENT",
                "layoutHash '" + text + "' must have 16 hexadecimal digits");
  return hash;
}

[[noreturn]] void wrong_type(const Napi::Object& object, const char* key, const char* wanted) {
  throw_to_js(object.Env(), "ERR_BABUS_ARGUMENT", std::string(key) + " must be a " + wanted);
}

}  // namespace

std::string string_of(const Napi::Object& object, const char* key) {
  const Napi::Value value = object.Get(key);
  if (!value.IsString()) wrong_type(object, key, "string");
  return value.As<Napi::String>();
}

double number_of(const Napi::Object& object, const char* key) {
  const Napi::Value value = object.Get(key);
  if (!value.IsNumber()) wrong_type(object, key, "number");
  return value.As<Napi::Number>();
}

bool boolean_of(const Napi::Object& object, const char* key) {
  const Napi::Value value = object.Get(key);
  if (!value.IsBoolean()) wrong_type(object, key, "boolean");
  return value.As<Napi::Boolean>();
}

namespace {

void read_access(const Napi::Object& object, core::SlotConfig& config) {
  const Napi::Value value = object.Get("access");
  if (value.IsUndefined()) return;
  if (!value.IsObject()) wrong_type(object, "access", "object");
  const Napi::Object access = value.As<Napi::Object>();
  const std::string mode = string_of(access, "mode");
  if (mode != "read" && mode != "write")
    throw_to_js(object.Env(), "ERR_BABUS_ARGUMENT",
                "access.mode is '" + mode + "'; it must be read or write");
  config.access = mode == "read" ? core::GroupMode::kRead : core::GroupMode::kWrite;
  config.gid = integer_of<uint32_t>(access, "gid");
}

}  // namespace

core::SlotConfig slot_config_of(const Napi::Object& object) {
  core::SlotConfig config{.name = string_of(object, "name"),
                          .schema_name = string_of(object, "schemaName"),
                          .descriptor = string_of(object, "descriptor"),
                          .layout_hash = hash_of(object),
                          .encoding = core::Encoding::kStruct,
                          .depth = integer_of<uint32_t>(object, "depth"),
                          .max_bytes = integer_of<uint64_t>(object, "maxBytes"),
                          .max_readers = integer_of<uint32_t>(object, "maxReaders"),
                          .pins_per_reader = integer_of<uint32_t>(object, "pinsPerReader"),
                          .max_publishers = integer_of<uint32_t>(object, "maxPublishers"),
                          .loans_per_publisher = integer_of<uint32_t>(object, "loansPerPublisher")};
  read_access(object, config);
  return config;
}

}  // namespace babus::addon
