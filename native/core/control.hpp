#pragma once
#include <memory>
#include <string>

#include "core/directory.hpp"
#include "core/domain.hpp"
#include "core/geometry.hpp"
#include "os/mapping.hpp"
#include "sync/ring.hpp"

namespace babus::core {

// A slot's mapped control file, checked when it was opened.
class Control {
 public:
  // Opens the current control file of directory entry `index`; it stays current while this participant holds
  // the slot (replacement.hpp). Throws ERR_BABUS_SLOT_CORRUPT, ERR_BABUS_DOMAIN_VERSION,
  // ERR_BABUS_PERMISSION.
  Control(const Domain& domain, uint32_t index, os::Access access);

  SlotHeader& header() const noexcept { return *map_.at<SlotHeader>(0); }
  const Geometry& geometry() const noexcept { return geometry_; }
  // What the slot was made with.
  const SlotConfig& config() const noexcept { return config_; }
  uint32_t bit() const noexcept { return bit_; }
  uint64_t generation() const noexcept { return generation_; }
  sync::Ring ring() const noexcept;
  RowCounters& counters(uint32_t row) const noexcept { return map_.at<RowCounters>(geometry_.counters)[row]; }
  sync::BufferState& buffer(uint32_t index) const noexcept {
    return map_.at<sync::BufferState>(geometry_.states)[index];
  }
  // Backs a row's counters with memory and sets them to zero. Called by the row's owner before it uses them.
  void prepare_counters(uint32_t row) const;

  // Opens the data file, of the size that fits. Throws as the constructor does.
  os::Fd open_data(const Domain& domain, os::Access access) const;
  // True once the file lost pages while it was mapped here: its words mean nothing any more.
  bool is_damaged() const noexcept { return map_.is_damaged(); }

  const std::string& data_file() const noexcept { return data_file_; }
  const std::string& file_name() const noexcept { return file_name_; }
  const os::Fd& file() const noexcept { return file_; }

 private:
  void open_control(const Domain& domain, const DirectoryEntry& entry, const std::string& name,
                    os::Access access);
  void check(uint64_t bytes, const std::string& file);

  os::Fd file_;
  os::Mapping map_;
  SlotConfig config_;
  Geometry geometry_;
  uint32_t bit_ = 0;
  uint64_t generation_ = 0;
  std::string data_file_;
  std::string file_name_;
};

}  // namespace babus::core
