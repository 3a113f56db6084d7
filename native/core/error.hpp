#pragma once
#include <stdexcept>
#include <string>

namespace babus::core {

// An error with one of the codes of framework/errors/catalogue.ts. The message says what was given and what
// to do.
class Error : public std::runtime_error {
 public:
  Error(const char* code, const std::string& message) : std::runtime_error(message), code_(code) {}
  const char* code() const noexcept { return code_; }

 private:
  const char* code_;  // a literal
};

}  // namespace babus::core
