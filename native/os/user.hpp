#pragma once
#include <cstdint>
#include <string>

namespace babus::os {

// The user that this process acts as.
uint32_t user() noexcept;
// True when this process acts as a member of the group.
bool is_member(uint32_t gid);
// For messages: `robots (1001)`, or the number alone when it has no name here.
std::string user_name(uint32_t uid);
std::string group_name(uint32_t gid);

}  // namespace babus::os
