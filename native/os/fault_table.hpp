#pragma once
#include <atomic>
#include <cstdint>

namespace babus::os {

class FaultGuard;

// Which guard an address belongs to. A signal handler asks on any thread, at any instruction of any other
// one, so nobody locks and nothing that was added is ever freed: places are used again, blocks of them are
// linked.
class FaultTable {
 public:
  void add(FaultGuard* guard, uintptr_t begin, uintptr_t end);
  void remove(const FaultGuard* guard) noexcept;
  // The guard of a range that is in use at this moment, as that of a faulting instruction is.
  FaultGuard* find(uintptr_t address) const noexcept;

 private:
  static constexpr uint32_t kPlaces = 256;

  // `version` is odd while the rest changes.
  struct Place {
    std::atomic<bool> used{false};
    std::atomic<uint64_t> version{0};
    std::atomic<uintptr_t> begin{0};
    std::atomic<uintptr_t> end{0};
    std::atomic<FaultGuard*> guard{nullptr};

    void set(FaultGuard* new_guard, uintptr_t new_begin, uintptr_t new_end) noexcept;
    FaultGuard* guard_of(uintptr_t address) const noexcept;
  };
  struct Block {
    Place places[kPlaces];
    std::atomic<Block*> next{nullptr};
  };

  Place& take_place();
  Block first_;
};

}  // namespace babus::os
