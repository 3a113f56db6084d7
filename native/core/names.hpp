#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace babus::core {

// Slot names: segments of letters, digits and underscores joined by '/', at most 127 bytes. Throws
// ERR_BABUS_NAME.
void check_slot_name(std::string_view name);
// Domain names: letters, digits, '_' and '-', 1 to 48. Throws ERR_BABUS_NAME.
void check_domain_name(std::string_view name);
// Participant names are for people: any text of 1 to 127 bytes.
void check_participant_name(std::string_view name);

// `camera/image`, generation 3 -> `camera.image@3`. Slot names have no '.', so no two names meet.
std::string slot_file_stem(std::string_view name, unsigned long long generation);

// What the name of a slot's file says. Empty when it is the name of something else.
struct SlotFile {
  std::string slot;
  uint64_t generation;
};
std::optional<SlotFile> parse_slot_file(std::string_view file);

// Copies with a final zero into a shared field of `bytes`; the name was checked before.
void write_name(char* field, size_t bytes, std::string_view name);
// Never reads past the field, whatever another process wrote into it.
std::string read_name(const char* field, size_t bytes);

}  // namespace babus::core
