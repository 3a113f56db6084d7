#include "core/agreement.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "os/user.hpp"

namespace babus::core {
namespace {

constexpr size_t kUsersShown = 6;

std::string access_text(const SlotConfig& config) {
  if (config.access == GroupMode::kNone) return "for its user alone";
  return std::string(config.access == GroupMode::kRead ? "read" : "write") + " for the group " +
         os::group_name(config.gid);
}

std::string users_text(const std::vector<std::string>& users) {
  std::string text;
  for (size_t i = 0; i < std::min(users.size(), kUsersShown); ++i) text += (i ? ", " : "") + users[i];
  if (users.size() > kUsersShown) text += " and " + std::to_string(users.size() - kUsersShown) + " more";
  return text;
}

}  // namespace

std::optional<Difference> difference_of(const SlotConfig& wanted, const SlotConfig& existing) {
  const std::string slot = "slot " + wanted.name + ": ";
  if (wanted.layout_hash != existing.layout_hash || wanted.schema_name != existing.schema_name)
    return Difference{"ERR_BABUS_SCHEMA_MISMATCH", slot + "carries " + existing.schema_name +
                                                       " (layout differs from the " + wanted.schema_name +
                                                       " asked for)"};
  const struct {
    const char* what;
    std::string here, there;
  } settings[] = {
      {"encoding", std::to_string(static_cast<uint32_t>(wanted.encoding)),
       std::to_string(static_cast<uint32_t>(existing.encoding))},
      {"depth", std::to_string(wanted.depth), std::to_string(existing.depth)},
      {"max_bytes", std::to_string(wanted.max_bytes), std::to_string(existing.max_bytes)},
      {"max_readers", std::to_string(wanted.max_readers), std::to_string(existing.max_readers)},
      {"pins_per_reader", std::to_string(wanted.pins_per_reader), std::to_string(existing.pins_per_reader)},
      {"max_publishers", std::to_string(wanted.max_publishers), std::to_string(existing.max_publishers)},
      {"loans_per_publisher", std::to_string(wanted.loans_per_publisher),
       std::to_string(existing.loans_per_publisher)},
      {"access", access_text(wanted), access_text(existing)},
  };
  for (const auto& [what, here, there] : settings)
    if (here != there)
      return Difference{"ERR_BABUS_SLOT_CONFIG",
                        slot + what + " is " + there + " there and " + here + " here"};
  return std::nullopt;
}

void refuse(const Difference& difference, const std::vector<std::string>& users) {
  const bool schema = std::string(difference.code) == "ERR_BABUS_SCHEMA_MISMATCH";
  const std::string advice = schema ? "both ends must use the same schema file"
                                    : "every participant must be started with the same slots section";
  const std::string used =
      users.empty() ? "" : "; it is in use by " + users_text(users) + ", so it cannot be replaced";
  throw Error(difference.code, difference.text + used + "; " + advice);
}

}  // namespace babus::core
