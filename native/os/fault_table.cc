#include "os/fault_table.hpp"

namespace babus::os {

// All in one order (seq_cst): this is rare, and the handler must not see half a change.
void FaultTable::Place::set(FaultGuard* new_guard, uintptr_t new_begin, uintptr_t new_end) noexcept {
  version.fetch_add(1);  // PAIR faults
  guard = new_guard;
  begin = new_begin;
  end = new_end;
  version.fetch_add(1);
}

// A place that changes meanwhile belongs to no range that anybody uses now.
FaultGuard* FaultTable::Place::guard_of(uintptr_t address) const noexcept {
  const uint64_t before = version;  // PAIR faults
  FaultGuard* const found = guard;
  const bool inside = address >= begin && address < end;
  return inside && before % 2 == 0 && version == before ? found : nullptr;
}

FaultTable::Place& FaultTable::take_place() {
  for (Block* block = &first_;;) {
    for (Place& place : block->places)
      if (!place.used.load() && !place.used.exchange(true)) return place;
    Block* next = block->next;
    if (next == nullptr) {
      auto* const fresh = new Block;
      if (block->next.compare_exchange_strong(next, fresh))
        next = fresh;
      else
        delete fresh;
    }
    block = next;
  }
}

void FaultTable::add(FaultGuard* guard, uintptr_t begin, uintptr_t end) {
  take_place().set(guard, begin, end);
}

void FaultTable::remove(const FaultGuard* guard) noexcept {
  for (Block* block = &first_; block != nullptr; block = block->next)
    for (Place& place : block->places)
      if (place.guard == guard) {
        place.set(nullptr, 0, 0);
        place.used = false;
        return;
      }
}

FaultGuard* FaultTable::find(uintptr_t address) const noexcept {
  for (const Block* block = &first_; block != nullptr; block = block->next)
    for (const Place& place : block->places)
      if (FaultGuard* const guard = place.guard_of(address)) return guard;
  return nullptr;
}

}  // namespace babus::os
