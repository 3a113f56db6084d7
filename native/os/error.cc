#include "os/error.hpp"

#include <cerrno>
#include <system_error>

namespace babus::os {

SystemError::SystemError(int error_number, const std::string& call, const std::string& subject)
    : std::runtime_error(call + " " + subject + ": " + std::generic_category().message(error_number)),
      number_(error_number) {}

bool SystemError::no_space() const noexcept {
  return number_ == ENOSPC || number_ == EDQUOT || number_ == ENOMEM || number_ == EFBIG;
}

bool SystemError::out_of_resources() const noexcept {
  return number_ == EMFILE || number_ == ENFILE || number_ == ENOMEM || number_ == EAGAIN;
}

bool SystemError::is_missing() const noexcept { return number_ == ENOENT; }

bool SystemError::not_permitted() const noexcept {
  return number_ == EACCES || number_ == EPERM || number_ == EROFS;
}

void fail(const char* call, const std::string& subject) { throw SystemError(errno, call, subject); }

}  // namespace babus::os
