#include "core/control.hpp"

#include <cstring>

#include "core/access.hpp"
#include "core/error.hpp"
#include "core/names.hpp"

namespace babus::core {

namespace {

// Each new attempt means that somebody replaced the slot meanwhile.
constexpr int kAttempts = 1000;

}  // namespace

Control::Control(const Domain& domain, uint32_t index, os::Access access) {
  const DirectoryEntry& entry = domain.entry(index);
  generation_ = current_of(entry).generation;
  const std::string name = name_of(entry);
  check_slot_name(name);
  open_control(domain, entry, name, access);
  const std::string& file = file_name_;
  domain.check_not_retired();
  const uint64_t bytes = os::file_size(file_, file);
  if (bytes < sizeof(SlotHeader) || bytes > kControlBytesMax)
    throw Error("ERR_BABUS_SLOT_CORRUPT", "slot " + name + ": " + file + " has " + std::to_string(bytes) +
                                              " bytes, which no control file has");
  map_ = os::Mapping(file_, bytes, access, file);
  check(bytes, file);
  if (config_.name != name || header().generation != generation_)
    throw Error("ERR_BABUS_SLOT_CORRUPT", "slot " + name + ": " + file + " says it is slot " +
                                              slot_file_stem(config_.name, header().generation));
}

void Control::open_control(const Domain& domain, const DirectoryEntry& entry, const std::string& name,
                           os::Access access) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const std::string stem = slot_file_stem(name, generation_);
    file_name_ = stem + ".ctl";
    data_file_ = stem + ".dat";
    if (auto opened = open_slot_file(domain, name, file_name_, access)) {
      file_ = std::move(*opened);
      return;
    }
    const uint64_t now = current_of(entry).generation;
    if (now == generation_)
      throw Error("ERR_BABUS_SLOT_MISSING", "slot " + name + ": its file " + file_name_ + " is gone");
    generation_ = now;
  }
  throw Error("ERR_BABUS_SLOT_MISSING", "slot " + name + " is replaced again and again by others");
}

os::Fd Control::open_data(const Domain& domain, os::Access access) const {
  auto file = open_slot_file(domain, config_.name, data_file_, access);
  if (!file) throw Error("ERR_BABUS_SLOT_MISSING", "slot " + config_.name + ": " + data_file_ + " is gone");
  domain.check_not_retired();
  const uint64_t bytes = os::file_size(*file, data_file_);
  if (bytes != geometry_.data_bytes)
    throw Error("ERR_BABUS_SLOT_CORRUPT", "slot " + config_.name + ": " + data_file_ +
                                              " was truncated: it has " + std::to_string(bytes) +
                                              " bytes instead of " + std::to_string(geometry_.data_bytes));
  return std::move(*file);
}

// Copies every value that addresses depend on, then demands that they give exactly this file.
void Control::check(uint64_t bytes, const std::string& file) {
  SlotHeader& h = header();
  if (h.magic != kSlotMagic) throw Error("ERR_BABUS_SLOT_CORRUPT", file + ": is no slot of babus");
  if (h.version != kLayoutVersion)
    throw Error("ERR_BABUS_DOMAIN_VERSION", file + ": made by layout version " + std::to_string(h.version) +
                                                ", this babus has version " + std::to_string(kLayoutVersion));
  config_ = {.name = read_name(h.name, kNameBytes),
             .schema_name = read_name(h.schema_name, kNameBytes),
             .descriptor = {},
             .layout_hash = h.layout_hash,
             .encoding = static_cast<Encoding>(h.encoding),
             .depth = h.depth,
             .max_bytes = h.max_bytes,
             .max_readers = h.max_readers,
             .pins_per_reader = h.pins_per_reader,
             .max_publishers = h.max_publishers,
             .loans_per_publisher = h.loans_per_publisher,
             .access = static_cast<GroupMode>(h.access),
             .gid = h.gid};
  const uint32_t descriptor_bytes = h.descriptor_bytes;
  bit_ = h.bit;
  if (descriptor_bytes > kDescriptorBytesMax || bit_ >= sync::kEventBits ||
      config_.encoding > Encoding::kBytes || config_.access > GroupMode::kWrite)
    throw Error("ERR_BABUS_SLOT_CORRUPT",
                file + ": descriptor length, event bit, access or encoding is out of range");
  config_.descriptor.resize(descriptor_bytes);
  try {
    geometry_ = geometry_of(config_);
  } catch (const Error& error) {
    throw Error("ERR_BABUS_SLOT_CORRUPT", file + ": " + error.what());
  }
  const uint64_t head = h.head.load_acquire();
  if (geometry_.control_bytes != bytes || geometry_.buffers != h.buffers || geometry_.stride != h.stride ||
      head == 0 || head > ring().last_sequence() + 1)
    throw Error("ERR_BABUS_SLOT_CORRUPT", file + ": its header does not fit its size");
  if (h.corrupt.load_acquire() != 0)
    throw Error(
        "ERR_BABUS_SLOT_CORRUPT",
        "slot " + config_.name + ": its file " + file +
            " was overwritten while in use, and cannot go on; stop what uses the domain and start it again");
  std::memcpy(config_.descriptor.data(), map_.at<char>(geometry_.descriptor), descriptor_bytes);
}

sync::Ring Control::ring() const noexcept {
  return sync::Ring({.head = &header().head,
                     .words = map_.at<sync::Word64>(geometry_.ring),
                     .buffers = map_.at<sync::BufferState>(geometry_.states),
                     .hazards = map_.at<sync::Word64>(geometry_.hazards),
                     .readers = &header().readers,
                     .depth = geometry_.depth,
                     .buffer_count = geometry_.buffers,
                     .pins_per_row = geometry_.pins_per_reader});
}

void Control::prepare_counters(uint32_t row) const {
  if (!os::reserve(file_, geometry_.counters + row * sizeof(RowCounters), sizeof(RowCounters),
                   config_.name + " counters"))
    throw Error("ERR_BABUS_SLOT_CORRUPT", "slot " + config_.name + ": its control file was truncated");
  RowCounters& c = counters(row);
  for (sync::Word64* word : {&c.delivered, &c.missed, &c.filtered, &c.published, &c.published_bytes})
    word->store_relaxed(0);
  c.latency.clear();
}

}  // namespace babus::core
