#include "steps/checks.hpp"

#include <memory>
#include <vector>

#include "steps/payload.hpp"
#include "support/slots.hpp"

namespace babus::test {

void check_free_rows(const core::SlotConfig& slot) {
  const ControlFile file(slot);
  const DomainBytes domain;
  for (uint32_t row = 0; row < core::kRows; ++row) {
    if (domain->rows[row].state.load_seq() != 0) continue;
    for (uint32_t place = 0; place < slot.pins_per_reader; ++place)
      CHECK_EQUAL(file.hazard(row, place).load_seq(), 0u);
    CHECK(!file.header().readers.has(row));
    CHECK(!file.header().publishers.has(row));
  }
}

void check_slot_clean(const core::SlotConfig& slot, uint32_t readers, uint32_t publishers) {
  const ControlFile file(slot);
  CHECK_EQUAL(file.count_states(1), 0u);
  CHECK_EQUAL(file.count_pins(), 0u);
  CHECK_EQUAL(file.header().readers.count(), readers);
  CHECK_EQUAL(file.header().publishers.count(), publishers);
}

void check_ring(const core::SlotConfig& slot) {
  const ControlFile file(slot);
  uint32_t bits = 0;
  while ((uint64_t{1} << bits) < file.geometry().buffers) ++bits;
  const uint64_t newest = file.header().head.load_seq() - 1;
  for (uint64_t back = 0; back < slot.depth && back < newest; ++back) {
    const uint64_t sequence = newest - back;
    const uint64_t word = file.word(sequence).load_seq();
    CHECK_EQUAL(word >> bits, sequence / slot.depth + 1);
    const auto buffer = static_cast<uint32_t>(word & ((uint64_t{1} << bits) - 1));
    CHECK_EQUAL(file.buffer(buffer).state.load_seq(), sync::Ring::published_state(sequence));
  }
}

void check_quotas(const core::SlotConfig& slot) {
  struct User {
    explicit User(const core::SlotConfig& slot) : participant(join("user")) {
      subscription = std::make_unique<core::Subscription>(participant->attach(slot));
      publisher = std::make_unique<core::Publisher>(participant->attach(slot));
    }
    std::unique_ptr<core::Participant> participant;
    std::unique_ptr<core::Subscription> subscription;
    std::unique_ptr<core::Publisher> publisher;
  };
  std::vector<std::unique_ptr<User>> users;
  for (uint32_t i = 0; i < slot.max_readers; ++i) users.push_back(std::make_unique<User>(slot));
  // Each holds messages that leave the ring, all different.
  for (auto& user : users)
    for (uint32_t pin = 0; pin < slot.pins_per_reader; ++pin) {
      publish_stamped(*user->publisher, {1, 1});
      core::Message message;
      CHECK(user->subscription->at(user->subscription->newest(), message));
    }
  for (uint32_t i = 0; i < 2 * slot.depth; ++i) publish_stamped(*users[i % users.size()]->publisher, {2, i});
  for (auto& user : users)
    for (uint32_t loan = 0; loan < slot.loans_per_publisher; ++loan) user->publisher->loan(0);
  CHECK_EQUAL(ControlFile(slot).count_states(1), slot.max_publishers * slot.loans_per_publisher);
  CHECK_EQUAL(ControlFile(slot).count_pins(), slot.max_readers * slot.pins_per_reader);
}

}  // namespace babus::test
