#include "core/creation.hpp"

#include <cerrno>
#include <cstring>

#include "core/access.hpp"
#include "core/error.hpp"
#include "core/names.hpp"
#include "os/error.hpp"
#include "sync/step.hpp"

namespace babus::core {
namespace {

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
  h.access = static_cast<uint32_t>(config.access);
  h.gid = config.gid;
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
  FileNames(const std::string& slot, uint64_t generation)
      : control(slot_file_stem(slot, generation) + ".ctl"), data(slot_file_stem(slot, generation) + ".dat") {}
  std::string control;
  std::string data;
};

void remove_files(const Domain& domain, const FileNames& names) {
  os::remove_file(domain.folder(), names.control);
  os::remove_file(domain.folder(), names.data);
}

void reserve(const os::Fd& file, uint64_t bytes, const SlotConfig& config, const std::string& name) {
  if (!os::reserve(file, 0, bytes, name))
    throw Error("ERR_BABUS_SLOT_CORRUPT",
                "slot " + config.name + ": somebody truncated " + name + " while it was made");
}

void create_files(const Domain& domain, const SlotConfig& config, const FileNames& names, uint64_t generation,
                  uint32_t bit) {
  const Geometry g = geometry_of(config);
  open_domain_to_group(domain, config);
  const os::Fd data = os::create_file(domain.folder(), names.data);
  os::resize(data, g.data_bytes, names.data);
  if (g.reserved_whole()) reserve(data, g.data_bytes, config, names.data);
  open_file_to_group(data, config, true, names.data);
  sync::reached(sync::Step::kCreateDataMade);
  const os::Fd control = os::create_file(domain.folder(), names.control);
  os::resize(control, g.control_bytes, names.control);
  reserve(control, g.counters, config, names.control);
  open_file_to_group(control, config, false, names.control);
  const os::Mapping map(control, g.control_bytes, os::Access::kReadWrite, names.control);
  write_control(map, config, g, generation, bit);
  sync::reached(sync::Step::kCreateMade);
}

uint64_t next_generation(const Domain& domain, const SlotConfig& config) {
  const uint64_t generation = domain.header().slot_generations.add_seq(1) + 1;
  if (generation == 0 || generation > Current::kGenerationMax)
    throw Error("ERR_BABUS_SLOT_FULL", "slot " + config.name + ": domain '" + domain.name() +
                                           "' has made as many slots as it ever can; start it again");
  return generation;
}

// Says in the row which files are being made, for as long as they are nobody's slot yet.
class Announcement {
 public:
  Announcement(Row& row, uint64_t generation) : row_(row) {
    row_.creating.store_seq(generation);
    sync::reached(sync::Step::kCreateAnnounced);
  }
  ~Announcement() {
    row_.creating.store_release(0);
    sync::reached(sync::Step::kCreateDone);
  }
  Announcement(const Announcement&) = delete;
  Announcement& operator=(const Announcement&) = delete;

 private:
  Row& row_;
};

// Generations of one slot rise: whoever makes one takes its number after it has read what it wants to
// replace. So a file of an older one than the current is nobody's any more, or of one who will not win.
bool is_left_over(const Domain& domain, const SlotFile& file, uint64_t unfinished) {
  const auto index = find_slot(domain, file.slot);
  const uint64_t current = index ? current_of(domain.entry(*index)).generation : 0;
  return file.generation < current || (file.generation == unfinished && file.generation != current);
}

}  // namespace

uint32_t find_or_create_slot(const Domain& domain, uint32_t row, const SlotConfig& config) {
  check_slot_name(config.name);
  geometry_of(config);  // refuse limits before anything is written
  if (const auto found = find_slot(domain, config.name)) return *found;
  check_may_create(domain, "slot " + config.name);
  const uint32_t index = claim_place(domain, config.name);
  sync::reached(sync::Step::kCreateNamed);
  if (current_of(domain.entry(index)).generation == 0) make_generation(domain, row, index, config, {});
  return index;
}

bool make_generation(const Domain& domain, uint32_t row, uint32_t index, const SlotConfig& config,
                     const Current& expected) {
  const uint64_t generation = next_generation(domain, config);
  const uint32_t bit = expected.generation == 0 ? least_used_bit(domain) : expected.bit;
  const FileNames names(config.name, generation);
  const Announcement announcement(domain.row(row), generation);
  try {
    create_files(domain, config, names, generation, bit);
  } catch (...) {
    remove_files(domain, names);  // a full /dev/shm must not stay full because of what did not fit
    throw;
  }
  uint64_t there = expected.word();
  const uint64_t made = Current{generation, 0, bit, false}.word();
  if (!domain.entry(index).current.swap_if_seq(there, made)) {  // PAIR directory
    remove_files(domain, names);
    return false;
  }
  sync::reached(expected.generation == 0 ? sync::Step::kCreateCurrent : sync::Step::kReplaceSwapped);
  if (expected.generation != 0) {
    remove_files(domain, {config.name, expected.generation});
    sync::reached(sync::Step::kReplaceRemoved);
  }
  return true;
}

// Under a join lock of an opening of its own: a viewer may look after the dead of a domain that is removed
// meanwhile, and the folder may then hold a successor's files.
bool remove_unfinished(const Domain& domain, uint64_t generation) {
  try {
    os::Fd file;
    os::ForkGuard guard(file);  // a forked child would keep the lock
    guard.fill([&] { return os::reopen(domain.file(), os::Access::kReadWrite, domain.path()); });
    if (!os::try_lock(file, kJoinLock, 1, os::LockMode::kShared)) return false;
    if (domain.is_retired()) return true;
    for (const auto& name : os::list_folder(domain.folder(), domain.path())) {
      const auto parsed = parse_slot_file(name);
      if (parsed && is_left_over(domain, *parsed, generation)) os::remove_file(domain.folder(), name);
    }
    return true;
  } catch (const os::SystemError&) {
    return false;  // no descriptors, or the folder is another user's
  }
}

}  // namespace babus::core
