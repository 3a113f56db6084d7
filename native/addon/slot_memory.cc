#include "addon/slot_memory.hpp"

#include <algorithm>

namespace babus::addon {
namespace {

// What keeps the mapping alive while one ArrayBuffer shows a part of it.
struct Hold {
  std::shared_ptr<os::Mapping> mapping;
  int64_t bytes;
};

// V8 takes the length of an external ArrayBuffer for heap memory and collects the more often; this is address
// space, mostly untouched, and no collection would free it. So its length is taken off V8's account while the
// ArrayBuffer lives.
Napi::ArrayBuffer make_chunk(Napi::Env env, const std::shared_ptr<os::Mapping>& mapping, uint64_t offset,
                             uint64_t bytes) {
  auto* hold = new Hold{mapping, static_cast<int64_t>(bytes)};
  const auto finalize = [](Napi::Env finalized, void*, Hold* held) {
    Napi::MemoryManagement::AdjustExternalMemory(finalized, held->bytes);
    delete held;
  };
  auto chunk = Napi::ArrayBuffer::New(env, mapping->data() + offset, bytes, finalize, hold);
  Napi::MemoryManagement::AdjustExternalMemory(env, -hold->bytes);
  return chunk;
}

}  // namespace

SlotMemory::SlotMemory(const Napi::Object& object, const core::Slot& slot,
                       const std::shared_ptr<os::Mapping>& mapping) {
  const Napi::Env env = object.Env();
  const core::Geometry& g = slot.geometry();
  const uint64_t chunk_bytes = uint64_t{g.buffers_per_chunk()} * g.stride;
  Napi::Array chunks = Napi::Array::New(env);
  for (uint64_t offset = 0; offset < g.data_bytes; offset += chunk_bytes) {
    const auto chunk = make_chunk(env, mapping, offset, std::min(chunk_bytes, g.data_bytes - offset));
    chunks.Set(chunks.Length(), chunk);
    chunks_.push_back(Napi::Persistent(chunk));
  }
  Napi::Object target = object;
  target.Set("name", slot.name());
  target.Set("chunks", chunks);
  target.Set("buffersPerChunk", g.buffers_per_chunk());
  target.Set("stride", static_cast<double>(g.stride));
  target.Set("buffers", g.buffers);
  target.Set("depth", g.depth);
  target.Set("maxBytes", static_cast<double>(g.max_bytes));
  target.Set("schemaName", slot.control().config().schema_name);
  target.Set("descriptor", slot.control().config().descriptor);
}

void SlotMemory::detach() {
  for (auto& chunk : chunks_)
    if (!chunk.IsEmpty()) chunk.Value().Detach();
  chunks_.clear();
}

}  // namespace babus::addon
