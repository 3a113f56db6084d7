#include "core/participant.hpp"

#include "core/error.hpp"
#include "core/names.hpp"
#include "core/recovery.hpp"
#include "os/process.hpp"

namespace babus::core {

Participant::Participant(const std::string& root, const std::string& domain, const std::string& name,
                         bool create, Role role) {
  check_participant_name(name);
  domain_ = Domain::open(root, domain, create ? Domain::Mode::kCreate : Domain::Mode::kJoin);
  recover_the_dead();
  slots_.resize(kSlots);
  take_row(name, role);  // last: what throws after it would leave the row taken
  domain_->release_join_lock();
}

void Participant::take_row(const std::string& name, Role role) {
  const os::ProcessId self = os::this_process();
  for (uint32_t index = 0; index < kRows; ++index) {
    if (domain_->is_taken(index)) continue;
    if (!os::try_lock(domain_->file(), kRowLocks + index, 1, os::LockMode::kExclusive)) continue;
    if (domain_->is_taken(
            index)) {  // somebody took it between the look and the lock, and lost the lock's descriptor since
      os::unlock(domain_->file(), kRowLocks + index, 1);
      continue;
    }
    Row& row = domain_->row(index);
    row_ = index;
    generation_ = row.generation.load_relaxed() + 1;
    row.generation.store_relaxed(generation_);
    row.pid = self.pid;
    row.start_time = self.start_time;
    row.pid_namespace = self.pid_namespace;
    row.viewer = role == Role::kViewer ? 1 : 0;
    row.sleep_mode.store_relaxed(static_cast<uint32_t>(SleepMode::kEventWord));
    row.filtered_wakes.store_relaxed(0);
    row.own_word.store_relaxed(0);
    row.creating.store_relaxed(0);
    row.attached.clear();
    write_name(row.name, kNameBytes, name);
    row.state.store_release(static_cast<uint32_t>(RowState::kTaken));  // PAIR row
    return;
  }
  throw Error("ERR_BABUS_SLOT_FULL", "domain '" + domain_->name() + "' has " + std::to_string(kRows) +
                                         " participants, the most there can be");
}

// The row is clean already: publishers, subscriptions and waiters gave back what they held when they were
// destroyed.
Participant::~Participant() {
  if (domain_->is_inherited()) return;
  domain_->row(row_).state.store_release(static_cast<uint32_t>(RowState::kFree));  // PAIR row
}

std::shared_ptr<Slot> Participant::attach(const SlotConfig& config) {
  recover_the_dead();
  // A viewer may outlive its domain, so it must not make files in a folder that may be a successor's.
  const bool may_create = domain_->row(row_).viewer == 0;
  const auto slot = may_create ? attach_index(find_or_create_slot(*domain_, config)) : attach(config.name);
  check_same_config(config, slot->control().config());
  return slot;
}

std::shared_ptr<Slot> Participant::attach(const std::string& name) {
  recover_the_dead();
  const auto index = find_slot(*domain_, name);
  if (!index)
    throw Error("ERR_BABUS_SLOT_MISSING", "no slot '" + name + "' in domain '" + domain_->name() + "'");
  return attach_index(*index);
}

std::shared_ptr<Slot> Participant::attach_index(uint32_t index) {
  if (auto slot = slots_[index].lock()) return slot;
  auto slot = std::make_shared<Slot>(*this, index);
  slots_[index] = slot;
  return slot;
}

void Participant::recover_the_dead() const {
  for (uint32_t row = 0; row < kRows; ++row)
    if (row != row_ && domain_->is_taken(row)) recover_if_dead(*domain_, row);
}

}  // namespace babus::core
