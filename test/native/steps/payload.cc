#include "steps/payload.hpp"

#include <cstring>
#include <string>

#include "harness.hpp"
#include "support/random.hpp"

namespace babus::test {
namespace {

// The first words of a payload; all others follow from them.
struct Front {
  uint64_t checksum;
  uint64_t writer;
  uint64_t counter;
  uint64_t bytes;
};
static_assert(sizeof(Front) == kPayloadBytesMin);

uint64_t checksum_of(const std::byte* payload, const Front& front) {
  uint64_t sum = mixed(front.writer) ^ mixed(front.counter * 3 + 1) ^ mixed(front.bytes * 5 + 2);
  for (uint64_t at = sizeof front; at < front.bytes; at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, payload + at, sizeof word);
    sum = mixed(sum ^ word);
  }
  return sum;
}

[[noreturn]] void refuse(const core::Message& message, const char* what) {
  throw Failure("message " + std::to_string(message.sequence) + " in buffer " +
                std::to_string(message.buffer) + ": " + what);
}

// A quarter of them long, the others a few words.
uint64_t length_for(const core::Slot& slot, Stamp stamp) {
  const uint64_t drawn = mixed(stamp.writer * 1'000'003 + stamp.counter);
  const uint64_t most = drawn % 4 == 0 ? slot.geometry().max_bytes : 128;
  return kPayloadBytesMin + (drawn >> 8) % (most - kPayloadBytesMin + 1);
}

}  // namespace

void fill_payload(std::byte* payload, uint64_t bytes, Stamp stamp) {
  Front front{0, stamp.writer, stamp.counter, bytes / 8 * 8};
  for (uint64_t at = sizeof front; at < front.bytes; at += 8) {
    const uint64_t word = stamp.writer ^ (stamp.counter << 20) ^ at;
    std::memcpy(payload + at, &word, sizeof word);
  }
  front.checksum = checksum_of(payload, front);
  std::memcpy(payload, &front, sizeof front);
}

Stamp read_payload(const core::Subscription& subscription, const core::Message& message) {
  const std::byte* const payload = subscription.payload(message.buffer);
  core::MessageHeader header;
  std::memcpy(&header, payload - core::kMessageHeaderBytes, sizeof header);
  Front front;
  std::memcpy(&front, payload, sizeof front);
  if (header.sequence != message.sequence) refuse(message, "its header has another sequence");
  if (header.length != message.length) refuse(message, "its length changed");
  if (front.bytes < sizeof front || front.bytes != message.length / 8 * 8)
    refuse(message, "has another length");
  if (front.checksum != checksum_of(payload, front)) refuse(message, "is torn");
  return {front.writer, front.counter};
}

uint64_t publish_stamped(core::Publisher& publisher, Stamp stamp) {
  const uint64_t bytes = length_for(publisher.slot(), stamp);
  const uint32_t buffer = publisher.loan(kPayloadBytesMin);
  publisher.reserve(buffer, bytes);
  fill_payload(publisher.payload(buffer), bytes, stamp);
  return publisher.commit(buffer, bytes);
}

}  // namespace babus::test
