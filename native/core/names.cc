#include "core/names.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "core/error.hpp"
#include "core/layout.hpp"

namespace babus::core {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_slot_name(std::string_view name) {
  if (name.empty() || name.size() >= kNameBytes || name.back() == '/') return false;
  char last = '/';
  for (const char c : name) {
    if (c == '/' ? last == '/' : !is_word(c)) return false;
    last = c;
  }
  return true;
}

[[noreturn]] void refuse(const char* what, std::string_view name, const std::string& rule) {
  // Shown up to a length, without control characters: the name may be hostile and the message goes to a
  // terminal.
  std::string shown(name.substr(0, 160));
  std::replace_if(
      shown.begin(), shown.end(), [](unsigned char c) { return c < 32 || c == 127; }, '?');
  throw Error("ERR_BABUS_NAME", std::string(what) + " '" + shown + "': " + rule);
}

}  // namespace

void check_slot_name(std::string_view name) {
  if (!is_slot_name(name))
    refuse(
        "slot", name,
        "slot names are segments of letters, digits and underscores joined by '/', at most 127 bytes in all");
}

void check_domain_name(std::string_view name) {
  const bool good = !name.empty() && name.size() <= kDomainNameMax &&
                    std::all_of(name.begin(), name.end(), [](char c) { return is_word(c) || c == '-'; });
  if (!good) refuse("domain", name, "domain names have 1 to 48 letters, digits, '_' and '-'");
}

void check_participant_name(std::string_view name) {
  if (name.empty() || name.size() >= kNameBytes || name.find('\0') != std::string_view::npos)
    refuse("participant", name, "participant names have 1 to 127 bytes");
}

std::string slot_file_stem(std::string_view name, unsigned long long generation) {
  std::string stem(name);
  std::replace(stem.begin(), stem.end(), '/', '.');
  return stem + "@" + std::to_string(generation);
}

std::optional<SlotFile> parse_slot_file(std::string_view file) {
  const size_t at = file.find('@');
  if (at == std::string_view::npos || !(file.ends_with(".ctl") || file.ends_with(".dat")))
    return std::nullopt;
  SlotFile out{std::string(file.substr(0, at)), 0};
  std::replace(out.slot.begin(), out.slot.end(), '.', '/');
  const char* end = file.data() + file.size() - 4;
  const auto [stop, error] = std::from_chars(file.data() + at + 1, end, out.generation);
  if (error != std::errc() || stop != end || out.generation == 0 || !is_slot_name(out.slot))
    return std::nullopt;
  return out;
}

void write_name(char* field, size_t bytes, std::string_view name) {
  std::memset(field, 0, bytes);
  std::memcpy(field, name.data(), std::min(name.size(), bytes - 1));
}

std::string read_name(const char* field, size_t bytes) { return std::string(field, strnlen(field, bytes)); }

}  // namespace babus::core
