#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/participant.hpp"
#include "sync/atomic.hpp"

namespace babus::core {

// Sleeps on the event word until one of the watched slots has something newer than its reader took. One
// thread sleeps, on its participant's row; cancel() may be called from any other.
class Sleeper {
 public:
  // A slot and the last sequence its reader knows of.
  struct Watch {
    std::shared_ptr<Slot> slot;
    uint64_t seen = 0;
  };

  explicit Sleeper(Participant& participant) : domain_(participant.domain()), row_(participant.row()) {}

  enum class Woken { kNews, kCancelled, kTimeout };
  Woken sleep(const std::vector<Watch>& watches, std::optional<uint64_t> deadline_ns = std::nullopt);

  // Makes the present sleep(), or the next, return kCancelled.
  void cancel();

 private:
  Domain& domain_;
  uint32_t row_;
  sync::Word32 cancelled_{};
};

}  // namespace babus::core
