#pragma once
#include <napi.h>

#include <utility>

#include "core/error.hpp"
#include "os/error.hpp"

namespace babus::addon {

[[noreturn]] void throw_to_js(Napi::Env env, const char* code, const std::string& message);

// Runs a call into the core and turns its errors into JavaScript errors with a `code` of the catalogue.
template <typename Call>
auto guarded(Napi::Env env, Call&& call) -> decltype(call()) {
  try {
    return std::forward<Call>(call)();
  } catch (const Napi::Error&) {
    throw;
  } catch (const core::Error& error) {
    throw_to_js(env, error.code(), error.what());
  } catch (const os::SystemError& error) {
    if (error.no_space())
      throw_to_js(env, "ERR_BABUS_SHM_FULL",
                  std::string(error.what()) +
                      "; free room in the shared-memory file system, or lower depth or max_bytes");
    throw_to_js(env, "ERR_BABUS_SYSTEM", error.what());
  } catch (
      const std::exception& error) {  // no memory, no thread: node-addon-api would let it end the process
    throw_to_js(env, "ERR_BABUS_SYSTEM", error.what());
  }
}

}  // namespace babus::addon
