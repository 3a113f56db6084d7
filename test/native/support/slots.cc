#include "support/slots.hpp"

#include "core/directory.hpp"
#include "core/names.hpp"

namespace babus::test {

std::string domain_path() { return temp_root() + "/" + kDomain; }

os::Fd domain_folder() { return std::move(*os::open_folder(domain_path())); }

uint64_t generation_of(const core::SlotConfig& slot) {
  const DomainBytes domain;
  for (const core::DirectoryEntry& entry : domain->directory)
    if (core::current_of(entry).generation != 0 && core::name_of(entry) == slot.name)
      return core::current_of(entry).generation;
  return 0;
}

std::string control_name(const core::SlotConfig& slot) {
  return core::slot_file_stem(slot.name, generation_of(slot)) + ".ctl";
}

std::string data_name(const core::SlotConfig& slot) {
  return core::slot_file_stem(slot.name, generation_of(slot)) + ".dat";
}

size_t count_files() {
  size_t count = 0;
  for (const auto& name : os::list_folder(domain_folder(), domain_path())) count += name == "domain" ? 0 : 1;
  return count;
}

ControlFile::ControlFile(const core::SlotConfig& slot) : geometry_(core::geometry_of(slot)) {
  const std::string name = control_name(slot);
  const auto file = os::open_file(domain_folder(), name, os::Access::kReadWrite);
  if (!file) throw Failure("no control file " + name);
  map_ = os::Mapping(*file, geometry_.control_bytes, os::Access::kReadWrite, name);
}

uint64_t ControlFile::ring_word(uint64_t sequence, uint32_t buffer) const {
  uint32_t bits = 0;
  while ((uint64_t{1} << bits) < geometry_.buffers) ++bits;
  return ((sequence / geometry_.depth + 1) << bits) | buffer;
}

uint32_t ControlFile::count_states(uint64_t tag) const {
  uint32_t count = 0;
  for (uint32_t b = 0; b < geometry_.buffers; ++b) count += (buffer(b).state.load_seq() & 3) == tag ? 1 : 0;
  return count;
}

uint32_t ControlFile::count_pins() const {
  uint32_t count = 0;
  for (uint32_t row = 0; row < core::kRows; ++row)
    for (uint32_t place = 0; place < geometry_.pins_per_reader; ++place)
      count += hazard(row, place).load_seq() ? 1 : 0;
  return count;
}

DomainBytes::DomainBytes() {
  const auto file = os::open_file(domain_folder(), "domain", os::Access::kReadWrite);
  if (!file) throw Failure("no domain file");
  map_ = os::Mapping(*file, sizeof(core::DomainFile), os::Access::kReadWrite, "domain");
}

uint32_t DomainBytes::taken_rows() const {
  uint32_t count = 0;
  for (const core::Row& row : (**this).rows) count += row.state.load_seq();
  return count;
}

uint32_t DomainBytes::sleeping_rows() const {
  uint32_t count = 0;
  for (const sync::RowSet& bit : (**this).header.sleepers) count += bit.count();
  return count;
}

}  // namespace babus::test
