#include "addon/errors.hpp"

namespace babus::addon {

void throw_to_js(Napi::Env env, const char* code, const std::string& message) {
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  throw error;
}

}  // namespace babus::addon
