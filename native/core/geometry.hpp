#pragma once
#include <cstdint>
#include <string>

#include "core/layout.hpp"

namespace babus::core {

// What the first participant decides about a slot, and every later one must agree with.
struct SlotConfig {
  std::string name;
  std::string schema_name;
  std::string
      descriptor;  // canonical JSON; stored so that tools can read messages of schemas they do not know
  uint64_t layout_hash = 0;
  Encoding encoding = Encoding::kStruct;
  uint32_t depth = 8;
  uint64_t max_bytes = 0;
  uint32_t max_readers = 32;
  uint32_t pins_per_reader = 4;
  uint32_t max_publishers = 8;
  uint32_t loans_per_publisher = 4;
  GroupMode access = GroupMode::kNone;
  uint32_t gid = 0;  // the group that `access` is about
};

// Sizes and places that follow from a config. Computed alike by creators and openers; never read from shared
// memory twice.
struct Geometry {
  uint32_t depth = 0;
  uint32_t buffers = 0;
  uint32_t max_readers = 0;
  uint32_t pins_per_reader = 0;
  uint32_t max_publishers = 0;
  uint32_t loans_per_publisher = 0;
  uint32_t descriptor_bytes = 0;
  uint64_t max_bytes = 0;
  uint64_t stride = 0;

  // Offsets in the control file.
  uint64_t ring = 0;
  uint64_t states = 0;
  uint64_t hazards = 0;
  uint64_t descriptor = 0;
  uint64_t counters = 0;  // up to here the file is backed by memory at creation; counters as rows attach
  uint64_t control_bytes = 0;
  uint64_t data_bytes = 0;

  // Small buffers share pages, so the whole data file is backed by memory at creation.
  bool reserved_whole() const noexcept;
  uint32_t buffers_per_chunk() const noexcept;
};

// Throws ERR_BABUS_ARGUMENT naming slot, value and limit.
Geometry geometry_of(const SlotConfig& config);

}  // namespace babus::core
