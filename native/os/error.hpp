#pragma once
#include <stdexcept>
#include <string>

namespace babus::os {

// A system call that failed. The message names the call, what it was about and the reason, ready for a person
// to read.
class SystemError : public std::runtime_error {
 public:
  SystemError(int error_number, const std::string& call, const std::string& subject);
  int number() const noexcept { return number_; }
  // True when the file system or a quota has no room left: the one failure that users can expect in daily
  // life.
  bool no_space() const noexcept;
  // True when this process or the machine ran out of descriptors or memory: the same call may work later.
  bool out_of_resources() const noexcept;
  // True when this user may not do it, or the file system is read-only.
  bool not_permitted() const noexcept;
  bool is_missing() const noexcept;  // what was to be opened or changed is not there

 private:
  int number_;
};

// Throws SystemError from errno.
[[noreturn]] void fail(const char* call, const std::string& subject);

}  // namespace babus::os
