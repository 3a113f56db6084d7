#include "core/geometry.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "os/mapping.hpp"

namespace babus::core {
namespace {

uint64_t round_up(uint64_t value, uint64_t multiple) { return (value + multiple - 1) / multiple * multiple; }

void check_range(const SlotConfig& config, const char* what, uint64_t value, uint64_t low, uint64_t high) {
  if (value >= low && value <= high) return;
  throw Error("ERR_BABUS_ARGUMENT", "slot " + config.name + ": " + what + " is " + std::to_string(value) +
                                        "; it must be " + std::to_string(low) + " to " +
                                        std::to_string(high));
}

uint64_t stride_for(uint64_t max_bytes) {
  const uint64_t bytes = kMessageHeaderBytes + max_bytes;
  return round_up(bytes, bytes < os::page_bytes() ? 64 : os::page_bytes());
}

}  // namespace

bool Geometry::reserved_whole() const noexcept { return stride < os::page_bytes(); }

uint32_t Geometry::buffers_per_chunk() const noexcept {
  return static_cast<uint32_t>(std::min<uint64_t>(buffers, kChunkBytesMax / stride));
}

Geometry geometry_of(const SlotConfig& config) {
  check_range(config, "depth", config.depth, 1, kDepthMax);
  check_range(config, "max_bytes", config.max_bytes, 1,
              kChunkBytesMax - os::page_bytes() - kMessageHeaderBytes);
  check_range(config, "max_readers", config.max_readers, 1, kRows);
  check_range(config, "pins_per_reader", config.pins_per_reader, 1, 1024);
  check_range(config, "max_publishers", config.max_publishers, 1, kRows);
  check_range(config, "loans_per_publisher", config.loans_per_publisher, 1, 1024);
  check_range(config, "the descriptor's length", config.descriptor.size(), 0, kDescriptorBytesMax);

  Geometry g;
  g.depth = config.depth;
  g.max_readers = config.max_readers;
  g.pins_per_reader = config.pins_per_reader;
  g.max_publishers = config.max_publishers;
  g.loans_per_publisher = config.loans_per_publisher;
  g.descriptor_bytes = static_cast<uint32_t>(config.descriptor.size());
  g.max_bytes = config.max_bytes;
  // One for each message of the ring and for each pin and loan that quotas allow: so a loan within its quota
  // always finds one.
  g.buffers = g.depth + g.max_readers * g.pins_per_reader + g.max_publishers * g.loans_per_publisher;
  g.stride = stride_for(config.max_bytes);

  g.ring = sizeof(SlotHeader);
  g.states = round_up(g.ring + uint64_t{g.depth} * sizeof(sync::Word64), 64);
  g.hazards = round_up(g.states + uint64_t{g.buffers} * sizeof(sync::BufferState), 64);
  g.descriptor = g.hazards + uint64_t{kRows} * g.pins_per_reader * sizeof(sync::Word64);
  g.counters = round_up(g.descriptor + g.descriptor_bytes, os::page_bytes());
  g.control_bytes = g.counters + uint64_t{kRows} * sizeof(RowCounters);
  g.data_bytes = uint64_t{g.buffers} * g.stride;
  check_range(config, "depth and quotas times max_bytes", g.data_bytes, 1, kDataBytesMax);
  return g;
}

}  // namespace babus::core
