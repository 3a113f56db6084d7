#pragma once
#include <optional>
#include <string>

#include "core/domain.hpp"
#include "core/geometry.hpp"
#include "os/file.hpp"

namespace babus::core {

// Refuses a domain folder of another user, unless that user opened it to a group of ours and nobody but its
// owner can put files there. Throws ERR_BABUS_PERMISSION.
void check_domain_owner(const os::Ownership& folder, const std::string& domain, const std::string& path);

// Only the user whose domain it is makes files in it. Throws ERR_BABUS_PERMISSION about `what`.
void check_may_create(const Domain& domain, const std::string& what);

// Opens a file of a slot. Empty when it does not exist. Throws ERR_BABUS_SLOT_CORRUPT when it is no regular
// file or not its domain's owner's, ERR_BABUS_PERMISSION when it is not open to us.
std::optional<os::Fd> open_slot_file(const Domain& domain, const std::string& slot, const std::string& file,
                                     os::Access access);

// Opens the domain itself to the group of a slot. Throws ERR_BABUS_SLOT_CONFIG when it is open to another
// one, ERR_BABUS_PERMISSION when this user may not give it to that group.
void open_domain_to_group(const Domain& domain, const SlotConfig& config);

// Opens a slot's file that is being made to the slot's group.
void open_file_to_group(const os::Fd& file, const SlotConfig& config, bool is_data, const std::string& name);

}  // namespace babus::core
