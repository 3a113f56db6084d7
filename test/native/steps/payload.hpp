#pragma once
#include <cstdint>

#include "core/publisher.hpp"
#include "core/subscription.hpp"

namespace babus::test {

// A message that says who wrote it, as which of its messages, and whether it is whole.
struct Stamp {
  uint64_t writer = 0;
  uint64_t counter = 0;
};

constexpr uint64_t kPayloadBytesMin = 32;

// Fills a loan of `bytes` (rounded down to words) with the stamp and with words that follow from it.
void fill_payload(std::byte* payload, uint64_t bytes, Stamp stamp);

// Throws unless the message is whole, and is the one its sequence says.
Stamp read_payload(const core::Subscription& subscription, const core::Message& message);

// Loans, fills and commits a message of random length.
uint64_t publish_stamped(core::Publisher& publisher, Stamp stamp);

}  // namespace babus::test
