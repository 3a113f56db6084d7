#pragma once
#include <memory>
#include <optional>
#include <string>

#include "core/domain.hpp"
#include "core/geometry.hpp"
#include "os/mapping.hpp"
#include "sync/ring.hpp"

namespace babus::core {

// A slot's mapped control file, checked when it was opened.
class Control {
 public:
  // Opens the control file of directory entry `index`. Throws ERR_BABUS_SLOT_CORRUPT or
  // ERR_BABUS_DOMAIN_VERSION.
  Control(const Domain& domain, uint32_t index, os::Access access);

  SlotHeader& header() const noexcept { return *map_.at<SlotHeader>(0); }
  const Geometry& geometry() const noexcept { return geometry_; }
  // What the slot was made with.
  const SlotConfig& config() const noexcept { return config_; }
  uint32_t bit() const noexcept { return bit_; }
  sync::Ring ring() const noexcept;
  RowCounters& counters(uint32_t row) const noexcept { return map_.at<RowCounters>(geometry_.counters)[row]; }
  sync::BufferState& buffer(uint32_t index) const noexcept {
    return map_.at<sync::BufferState>(geometry_.states)[index];
  }
  // Backs a row's counters with memory and sets them to zero. Called by the row's owner before it uses them.
  void prepare_counters(uint32_t row) const;

  const std::string& data_file() const noexcept { return data_file_; }
  const os::Fd& file() const noexcept { return file_; }

 private:
  void check(uint64_t bytes, const std::string& file);

  os::Fd file_;
  os::Mapping map_;
  SlotConfig config_;
  Geometry geometry_;
  uint32_t bit_ = 0;
  std::string data_file_;
};

// Finds a slot by name. Empty when the domain has none, or it is only being made.
std::optional<uint32_t> find_slot(const Domain& domain, const std::string& name);

// Finds the slot or makes it with `config`. Throws ERR_BABUS_SLOT_CONFIG or ERR_BABUS_SCHEMA_MISMATCH when it
// is there with other settings, ERR_BABUS_SLOT_FULL when the directory is full, ERR_BABUS_SHM_FULL.
uint32_t find_or_create_slot(const Domain& domain, const SlotConfig& config);

// Throws ERR_BABUS_SLOT_CONFIG or ERR_BABUS_SCHEMA_MISMATCH naming the first difference.
void check_same_config(const SlotConfig& wanted, const SlotConfig& existing);

}  // namespace babus::core
