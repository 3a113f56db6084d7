#include "core/access.hpp"

#include <cerrno>

#include "core/doorbell.hpp"
#include "core/error.hpp"
#include "os/error.hpp"
#include "os/user.hpp"

namespace babus::core {
namespace {

constexpr uint32_t kOthersMayWrite = 022, kGroupMayPass = 010, kGroupBits = 070;
constexpr uint32_t kFolderMode = 0710, kControlMode = 0660, kReadMode = 0640;

void give(const os::Fd& file, const SlotConfig& config, uint32_t mode, const std::string& name) {
  try {
    os::give_to_group(file, config.gid, mode, name);
  } catch (const os::SystemError& error) {
    if (error.number() != EPERM) throw;
    throw Error("ERR_BABUS_PERMISSION",
                "slot " + config.name + ": access opens it to the group " + os::group_name(config.gid) +
                    ", of which " + os::user_name(os::user()) +
                    " is no member; make this user a member, log in again, or choose another group");
  }
}

[[noreturn]] void refuse_file(const Domain& domain, const std::string& slot, const std::string& file,
                              os::Access access) {
  const os::Ownership owner = os::ownership_of(domain.folder(), domain.path());
  const std::string whose = "slot " + slot + " of domain '" + domain.name() + "': " + file + " ";
  if (domain.is_own())
    throw Error("ERR_BABUS_PERMISSION",
                whose + "has no permissions for its own user any more; stop the domain and start it again");
  const bool data = access == os::Access::kReadWrite && file.ends_with(".dat");
  throw Error("ERR_BABUS_PERMISSION", whose + "is not open to " + (data ? "publishers" : "readers") +
                                          " of the group " + os::group_name(owner.gid) + "; its user " +
                                          os::user_name(owner.uid) + " can set slots." + slot +
                                          ".access to that group, with mode: " + (data ? "write" : "read"));
}

}  // namespace

void check_domain_owner(const os::Ownership& folder, const std::string& domain, const std::string& path) {
  if (folder.uid == os::user()) return;
  const std::string whose =
      "domain '" + domain + "': " + path + " belongs to another user, " + os::user_name(folder.uid);
  if ((folder.mode & kOthersMayWrite) != 0)
    throw Error("ERR_BABUS_PERMISSION",
                whose + ", and others than that user can write there; choose another name");
  if ((folder.mode & kGroupMayPass) == 0 || !os::is_member(folder.gid))
    throw Error("ERR_BABUS_PERMISSION",
                whose +
                    ", who has not opened it to a group of yours; choose another name, or let that user "
                    "give one of its slots an access");
}

void check_may_create(const Domain& domain, const std::string& what) {
  if (domain.is_own()) return;
  throw Error("ERR_BABUS_PERMISSION", what + ": domain '" + domain.name() + "' belongs to another user, " +
                                          os::user_name(domain.owner()) +
                                          ", who alone can make slots in it or change them; let that user "
                                          "start what needs it first");
}

std::optional<os::Fd> open_slot_file(const Domain& domain, const std::string& slot, const std::string& file,
                                     os::Access access) {
  const auto corrupt = [&](const std::string& why) {
    return Error("ERR_BABUS_SLOT_CORRUPT", "slot " + slot + ": " + file + " " + why);
  };
  try {
    auto opened = os::open_file(domain.folder(), file, access);
    if (!opened) return std::nullopt;
    const uint32_t uid = os::ownership_of(*opened, file).uid;
    if (uid != domain.owner())
      throw corrupt("belongs to " + os::user_name(uid) + ", its domain to " + os::user_name(domain.owner()));
    return opened;
  } catch (const os::SystemError& error) {
    if (error.number() == ELOOP) throw corrupt("is a symbolic link");
    if (error.number() == EINVAL || error.number() == EISDIR || error.number() == ENXIO)
      throw corrupt("is not a regular file");
    if (error.number() == EACCES) refuse_file(domain, slot, file, access);
    throw;
  }
}

void open_domain_to_group(const Domain& domain, const SlotConfig& config) {
  if (config.access == GroupMode::kNone) return;
  const os::Ownership folder = os::ownership_of(domain.folder(), domain.path());
  const bool is_open = (folder.mode & kGroupBits) != 0;
  if (is_open && folder.gid != config.gid)
    throw Error("ERR_BABUS_SLOT_CONFIG", "slot " + config.name + ": access names the group " +
                                             os::group_name(config.gid) + ", but domain '" + domain.name() +
                                             "' is open to the group " + os::group_name(folder.gid) +
                                             " already; all slots of a domain must name the same group");
  if (is_open) return;
  give(domain.file(), config, kControlMode, domain.path() + "/domain");
  for (const auto& name : os::list_folder(domain.folder(), domain.path()))
    if (is_bell(name)) open_bell_to_group(domain, name);
  give(domain.folder(), config, kFolderMode, domain.path());  // last: it tells that all is done
}

void open_file_to_group(const os::Fd& file, const SlotConfig& config, bool is_data, const std::string& name) {
  if (config.access == GroupMode::kNone) return;
  const bool may_write = !is_data || config.access == GroupMode::kWrite;
  give(file, config, may_write ? kControlMode : kReadMode, name);
}

}  // namespace babus::core
