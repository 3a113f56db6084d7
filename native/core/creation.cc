#include <algorithm>
#include <cstring>

#include "core/control.hpp"
#include "core/error.hpp"
#include "core/names.hpp"
#include "os/error.hpp"

namespace babus::core {
namespace {

EntryState state_of(const DirectoryEntry& entry) {
  return static_cast<EntryState>(entry.state.load_acquire());  // PAIR directory
}

bool has_name(const DirectoryEntry& entry, const std::string& name) {
  return read_name(entry.name, kNameBytes) == name;
}

// Directory entries are probed from a place that the name decides (FNV-1a), so that two creators of one slot
// meet at the same entry and its creation lock. Entries are never emptied while a domain lives.
uint32_t first_place(const std::string& name) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return static_cast<uint32_t>(hash % kSlots);
}

uint32_t least_used_bit(const Domain& domain) {
  uint32_t used[sync::kEventBits] = {};
  for (uint32_t i = 0; i < kSlots; ++i) {
    const DirectoryEntry& entry = domain.entry(i);
    const uint32_t bit = entry.bit.load_relaxed();
    if (state_of(entry) == EntryState::kReady && bit < sync::kEventBits) ++used[bit];
  }
  return static_cast<uint32_t>(std::min_element(std::begin(used), std::end(used)) - std::begin(used));
}

void write_control(const os::Mapping& map, const SlotConfig& config, const Geometry& g, uint64_t generation,
                   uint32_t bit) {
  SlotHeader& h = *map.at<SlotHeader>(0);
  h.magic = kSlotMagic;
  h.version = kLayoutVersion;
  h.encoding = static_cast<uint32_t>(config.encoding);
  h.generation = generation;
  h.layout_hash = config.layout_hash;
  h.depth = g.depth;
  h.buffers = g.buffers;
  h.max_readers = g.max_readers;
  h.pins_per_reader = g.pins_per_reader;
  h.max_publishers = g.max_publishers;
  h.loans_per_publisher = g.loans_per_publisher;
  h.stride = g.stride;
  h.max_bytes = g.max_bytes;
  h.descriptor_bytes = g.descriptor_bytes;
  h.bit = bit;
  write_name(h.name, kNameBytes, config.name);
  write_name(h.schema_name, kNameBytes, config.schema_name);
  std::memcpy(map.at<char>(g.descriptor), config.descriptor.data(), g.descriptor_bytes);
  // Small buffers are backed whole by create_files(); the others by loans, page by page.
  if (g.reserved_whole())
    for (uint32_t b = 0; b < g.buffers; ++b)
      map.at<sync::BufferState>(g.states)[b].reserved.store_relaxed(g.stride);
  h.head.store_release(1);
}

struct FileNames {
  std::string control;
  std::string data;
};

void create_files(const Domain& domain, const SlotConfig& config, const FileNames& names, uint64_t generation,
                  uint32_t bit) {
  const Geometry g = geometry_of(config);
  const os::Fd data = os::create_file(domain.folder(), names.data);
  os::resize(data, g.data_bytes, names.data);
  if (g.reserved_whole()) os::reserve(data, 0, g.data_bytes, names.data);
  const os::Fd control = os::create_file(domain.folder(), names.control);
  os::resize(control, g.control_bytes, names.control);
  os::reserve(control, 0, g.counters, names.control);
  const os::Mapping map(control, g.control_bytes, os::Access::kReadWrite, names.control);
  write_control(map, config, g, generation, bit);
}

// Under the entry's creation lock. An entry still in kCreating belonged to a creator that failed or died:
// nobody can have opened its files, so its generation is used again and what it left is removed.
void create_slot(const Domain& domain, DirectoryEntry& entry, const SlotConfig& config) {
  const bool again = state_of(entry) == EntryState::kCreating;
  const uint64_t generation = entry.generation.load_relaxed() + (again ? 0 : 1);
  if (!again) {
    write_name(entry.name, kNameBytes, config.name);
    entry.generation.store_relaxed(generation);
    entry.state.store_release(static_cast<uint32_t>(EntryState::kCreating));  // PAIR directory
  }
  const std::string stem = slot_file_stem(config.name, generation);
  const FileNames names{stem + ".ctl", stem + ".dat"};
  const auto remove = [&] {
    os::remove_file(domain.folder(), names.control);
    os::remove_file(domain.folder(), names.data);
  };
  remove();
  const uint32_t bit = least_used_bit(domain);
  try {
    create_files(domain, config, names, generation, bit);
  } catch (const os::SystemError&) {
    remove();  // a full /dev/shm must not stay full because of what did not fit
    throw;
  }
  entry.bit.store_relaxed(bit);
  entry.state.store_release(static_cast<uint32_t>(EntryState::kReady));  // PAIR directory
}

std::string difference(const char* what, const std::string& wanted, const std::string& existing) {
  return std::string(what) + " is " + existing + " there and " + wanted + " here";
}

}  // namespace

std::optional<uint32_t> find_slot(const Domain& domain, const std::string& name) {
  check_slot_name(name);
  const uint32_t first = first_place(name);
  for (uint32_t i = 0; i < kSlots; ++i) {
    const uint32_t index = (first + i) % kSlots;
    const DirectoryEntry& entry = domain.entry(index);
    const EntryState state = state_of(entry);
    if (state == EntryState::kEmpty) return std::nullopt;
    if (state == EntryState::kReady && has_name(entry, name)) return index;
  }
  return std::nullopt;
}

uint32_t find_or_create_slot(const Domain& domain, const SlotConfig& config) {
  check_slot_name(config.name);
  geometry_of(config);  // refuse limits before anything is written
  const uint32_t first = first_place(config.name);
  for (uint32_t i = 0; i < kSlots; ++i) {
    const uint32_t index = (first + i) % kSlots;
    DirectoryEntry& entry = domain.entry(index);
    const EntryState seen = state_of(entry);
    if (seen != EntryState::kEmpty && !has_name(entry, config.name)) continue;
    if (seen == EntryState::kReady) return index;
    const os::ScopedLock creation(domain.file(), kCreationLocks + index, 1, os::LockMode::kExclusive);
    const EntryState state = state_of(entry);
    if (state != EntryState::kEmpty && !has_name(entry, config.name)) continue;
    if (state != EntryState::kReady) create_slot(domain, entry, config);
    return index;
  }
  throw Error("ERR_BABUS_SLOT_FULL", "slot " + config.name + ": domain '" + domain.name() + "' already has " +
                                         std::to_string(kSlots) + " slots, the most there can be");
}

void check_same_config(const SlotConfig& wanted, const SlotConfig& existing) {
  if (wanted.layout_hash != existing.layout_hash || wanted.schema_name != existing.schema_name)
    throw Error("ERR_BABUS_SCHEMA_MISMATCH", "slot " + wanted.name + ": carries " + existing.schema_name +
                                                 " (layout differs from the " + wanted.schema_name +
                                                 " asked for); both ends must use the same schema file");
  const auto compare = [&](const char* what, uint64_t want, uint64_t have) {
    if (want != have)
      throw Error("ERR_BABUS_SLOT_CONFIG",
                  "slot " + wanted.name + ": " +
                      difference(what, std::to_string(want), std::to_string(have)) +
                      "; every participant must be started with the same slots section");
  };
  compare("encoding", static_cast<uint64_t>(wanted.encoding), static_cast<uint64_t>(existing.encoding));
  compare("depth", wanted.depth, existing.depth);
  compare("max_bytes", wanted.max_bytes, existing.max_bytes);
  compare("max_readers", wanted.max_readers, existing.max_readers);
  compare("pins_per_reader", wanted.pins_per_reader, existing.pins_per_reader);
  compare("max_publishers", wanted.max_publishers, existing.max_publishers);
  compare("loans_per_publisher", wanted.loans_per_publisher, existing.loans_per_publisher);
}

}  // namespace babus::core
