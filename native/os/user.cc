#include "os/user.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "os/error.hpp"

namespace babus::os {
namespace {

// Entries of the user data base can be long; one that does not fit is shown by its number.
constexpr size_t kEntryBytes = 16 * 1024;

std::string with_number(const char* name, uint32_t number) {
  return name ? std::string(name) + " (" + std::to_string(number) + ")" : std::to_string(number);
}

}  // namespace

uint32_t user() noexcept { return ::geteuid(); }

bool is_member(uint32_t gid) {
  if (::getegid() == gid) return true;
  const int count = ::getgroups(0, nullptr);
  if (count < 0) fail("getgroups", std::to_string(gid));
  std::vector<gid_t> groups(static_cast<size_t>(count));
  if (::getgroups(count, groups.data()) < 0) fail("getgroups", std::to_string(gid));
  return std::find(groups.begin(), groups.end(), gid) != groups.end();
}

std::string user_name(uint32_t uid) {
  std::vector<char> buffer(kEntryBytes);
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found);
  return with_number(found ? found->pw_name : nullptr, uid);
}

std::string group_name(uint32_t gid) {
  std::vector<char> buffer(kEntryBytes);
  group entry{};
  group* found = nullptr;
  ::getgrgid_r(gid, &entry, buffer.data(), buffer.size(), &found);
  return with_number(found ? found->gr_name : nullptr, gid);
}

}  // namespace babus::os
