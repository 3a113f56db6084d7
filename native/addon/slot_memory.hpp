#pragma once
#include <napi.h>

#include <memory>
#include <vector>

#include "core/slot.hpp"
#include "os/mapping.hpp"

namespace babus::addon {

// The ArrayBuffers over one mapping of a slot's data: as few as there can be, made once, because each
// external ArrayBuffer costs the collector. They keep the mapping alive until they are collected, so that no
// stray reference can reach memory that is gone; detach() empties them when the slot is closed.
class SlotMemory {
 public:
  // Sets name, chunks, buffersPerChunk, stride, buffers, depth, maxBytes, schemaName and descriptor on
  // `object`.
  SlotMemory(const Napi::Object& object, const core::Slot& slot, const std::shared_ptr<os::Mapping>& mapping);
  void detach();

 private:
  std::vector<Napi::Reference<Napi::ArrayBuffer>> chunks_;
};

}  // namespace babus::addon
