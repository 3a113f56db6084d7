#pragma once
#include <cstring>
#include <memory>
#include <string>

#include "core/layout.hpp"
#include "core/participant.hpp"
#include "core/publisher.hpp"
#include "core/subscription.hpp"
#include "harness.hpp"
#include "os/file.hpp"
#include "os/mapping.hpp"

namespace babus::test {

inline core::SlotConfig config(const std::string& name = "a/b") {
  core::SlotConfig out;
  out.name = name;
  out.schema_name = "std/Number";
  out.descriptor = "{}";
  out.layout_hash = 0x1234;
  out.depth = 4;
  out.max_bytes = 64;
  out.max_readers = 3;
  out.pins_per_reader = 2;
  out.max_publishers = 3;
  out.loans_per_publisher = 2;
  return out;
}

constexpr const char* kDomain = "test";

inline std::unique_ptr<core::Participant> join(const std::string& name = "tester", bool create = true,
                                               core::Role role = core::Role::kMember) {
  return std::make_unique<core::Participant>(temp_root(), kDomain, name, create, role);
}

// A participant with one publisher and one subscription of one slot.
struct Ends {
  explicit Ends(const core::SlotConfig& slot = config(), const std::string& name = "tester")
      : participant(join(name)),
        publisher(participant->attach(slot)),
        subscription(participant->attach(slot)) {}
  std::unique_ptr<core::Participant> participant;
  core::Publisher publisher;
  core::Subscription subscription;
};

inline uint64_t publish(core::Publisher& publisher, uint64_t value) {
  const uint32_t buffer = publisher.loan(sizeof value);
  std::memcpy(publisher.payload(buffer), &value, sizeof value);
  return publisher.commit(buffer, sizeof value);
}

// Fills in the header of a loaned buffer, as a commit does before the moment of publication.
inline void stamp(const core::Publisher& publisher, uint32_t buffer, uint64_t sequence, uint64_t length) {
  auto& header = *publisher.data()->at<core::MessageHeader>(buffer * publisher.slot().geometry().stride);
  header.sequence = sequence;
  header.length = length;
}

inline uint64_t value_of(const core::Subscription& subscription, const core::Message& message) {
  uint64_t value = 0;
  std::memcpy(&value, subscription.payload(message.buffer), sizeof value);
  return value;
}

// Takes and releases the next message; 0 when there is none.
inline uint64_t take_value(core::Subscription& subscription) {
  core::Message message;
  if (!subscription.take(message)) return 0;
  const uint64_t value = value_of(subscription, message);
  subscription.release(message.pin);
  return value;
}

// A slot's control file laid open, to look at, and to damage as another process could.
class ControlFile {
 public:
  explicit ControlFile(const core::SlotConfig& slot = config());
  core::SlotHeader& header() const { return *map_.at<core::SlotHeader>(0); }
  sync::Word64& word(uint64_t sequence) const {
    return map_.at<sync::Word64>(geometry_.ring)[sequence % geometry_.depth];
  }
  sync::BufferState& buffer(uint32_t index) const {
    return map_.at<sync::BufferState>(geometry_.states)[index];
  }
  sync::Word64& hazard(uint32_t row, uint32_t place) const {
    return map_.at<sync::Word64>(geometry_.hazards)[row * geometry_.pins_per_reader + place];
  }
  const core::Geometry& geometry() const { return geometry_; }
  // As a commit writes it.
  uint64_t ring_word(uint64_t sequence, uint32_t buffer) const;
  uint32_t count_states(uint64_t tag) const;
  uint32_t count_pins() const;

 private:
  core::Geometry geometry_;
  os::Mapping map_;
};

std::string domain_path();
os::Fd domain_folder();
// Of a slot's current files; 0 when there is no such slot.
uint64_t generation_of(const core::SlotConfig& slot);
std::string control_name(const core::SlotConfig& slot);
std::string data_name(const core::SlotConfig& slot);
// Files in the domain's folder beside `domain`.
size_t count_files();

// The domain file laid open.
class DomainBytes {
 public:
  DomainBytes();
  core::DomainFile& operator*() const { return *map_.at<core::DomainFile>(0); }
  core::DomainFile* operator->() const { return map_.at<core::DomainFile>(0); }
  uint32_t taken_rows() const;
  uint32_t sleeping_rows() const;

 private:
  os::Mapping map_;
};

}  // namespace babus::test
