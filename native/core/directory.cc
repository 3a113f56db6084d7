#include "core/directory.hpp"

#include <algorithm>
#include <cstring>

#include "core/error.hpp"
#include "core/names.hpp"
#include "sync/step.hpp"

namespace babus::core {
namespace {

constexpr uint32_t kNameWords = kNameBytes / 8;

// Places are probed from one that the name decides, so that all who need a slot meet at the same one. They
// are never emptied while a domain lives.
struct NameKey {
  explicit NameKey(const std::string& name) {
    uint64_t fnv = 0xcbf29ce484222325;  // FNV-1a
    for (const char c : name) fnv = (fnv ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    first = static_cast<uint32_t>(fnv % kSlots);
    hash = (fnv & ~uint64_t{127}) | name.size();  // with the length, so that it is never 0
    std::memcpy(words, name.data(), name.size());
  }
  uint32_t first;
  uint64_t hash;
  uint64_t words[kNameWords] = {};
};

bool has_name(const DirectoryEntry& entry, const NameKey& key) {
  for (uint32_t i = 0; i < kNameWords; ++i)
    if (entry.name[i].load_relaxed() != key.words[i]) return false;
  return true;
}

// Names that meet under one hash have the same length, so the same words of both are not 0, and each word is
// given once: at the first word in which they differ one of them wins, for ever and for everybody. False for
// the others.
bool write_name(DirectoryEntry& entry, const NameKey& key) {
  for (uint32_t i = 0; i < kNameWords; ++i) {
    uint64_t there = entry.name[i].load_relaxed();
    if (there == key.words[i]) continue;
    if (there != 0 || (!entry.name[i].swap_if_seq(there, key.words[i]) && there != key.words[i]))
      return false;
  }
  return true;
}

}  // namespace

Current current_of(const DirectoryEntry& entry) noexcept {
  return Current::of(entry.current.load_acquire());  // PAIR directory
}

std::string name_of(const DirectoryEntry& entry) {
  char text[kNameBytes];
  for (uint32_t i = 0; i < kNameWords; ++i) {
    const uint64_t word = entry.name[i].load_relaxed();
    std::memcpy(text + i * 8, &word, 8);
  }
  return read_name(text, kNameBytes);
}

std::optional<uint32_t> find_slot(const Domain& domain, const std::string& name) {
  check_slot_name(name);
  const NameKey key(name);
  for (uint32_t i = 0; i < kSlots; ++i) {
    const uint32_t index = (key.first + i) % kSlots;
    const DirectoryEntry& entry = domain.entry(index);
    const uint64_t hash = entry.name_hash.load_seq();
    if (hash == 0) return std::nullopt;
    if (hash == key.hash && current_of(entry).generation != 0 && has_name(entry, key)) return index;
  }
  return std::nullopt;
}

uint32_t claim_place(const Domain& domain, const std::string& name) {
  check_slot_name(name);
  const NameKey key(name);
  for (uint32_t i = 0; i < kSlots; ++i) {
    const uint32_t index = (key.first + i) % kSlots;
    DirectoryEntry& entry = domain.entry(index);
    uint64_t hash = entry.name_hash.load_seq();
    if (hash == 0 && entry.name_hash.swap_if_seq(hash, key.hash)) hash = key.hash;
    if (hash != key.hash) continue;
    sync::reached(sync::Step::kCreateClaimed);
    if (write_name(entry, key)) return index;
  }
  throw Error("ERR_BABUS_SLOT_FULL", "slot " + name + ": domain '" + domain.name() + "' already has " +
                                         std::to_string(kSlots) + " slots, the most there can be");
}

uint32_t least_used_bit(const Domain& domain) {
  uint32_t used[sync::kEventBits] = {};
  for (uint32_t i = 0; i < kSlots; ++i) {
    const Current current = current_of(domain.entry(i));
    if (current.generation != 0 && current.bit < sync::kEventBits) ++used[current.bit];
  }
  return static_cast<uint32_t>(std::min_element(std::begin(used), std::end(used)) - std::begin(used));
}

}  // namespace babus::core
