#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/domain.hpp"

namespace babus::core {

// One participant that reads a slot, and what it did there since it attached.
struct ReaderInspection {
  uint32_t row = 0;
  std::string name;
  uint64_t delivered = 0;
  uint64_t missed = 0;
  uint64_t filtered = 0;
};

struct SlotInspection {
  std::string name;
  std::string schema_name;
  uint32_t depth = 0;
  uint64_t max_bytes = 0;
  uint64_t newest = 0;
  uint32_t bit = 0;
  std::vector<std::string> publishers;
  std::vector<std::string> subscribers;
  std::vector<ReaderInspection> readers;  // the subscribers, in the same order
  // Totals over the participants attached now.
  uint64_t published_bytes = 0;
  uint64_t delivered = 0;
  uint64_t missed = 0;
  uint64_t filtered = 0;
  std::vector<uint64_t> latency;  // counts by sync::Histogram bucket
};

struct ParticipantInspection {
  uint32_t row = 0;
  uint32_t pid = 0;
  std::string name;
  bool alive = false;
  bool viewer = false;
  SleepMode sleep_mode = SleepMode::kEventWord;
  uint64_t filtered_wakes = 0;  // wakes that found nothing new in any of its slots
};

struct DomainInspection {
  std::vector<SlotInspection> slots;
  std::vector<ParticipantInspection> participants;
};

// Looks at a domain without attaching: nothing is written, nobody is woken. Slots whose files are damaged are
// left out.
DomainInspection inspect(const std::string& root, const std::string& domain);

}  // namespace babus::core
