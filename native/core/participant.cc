#include "core/participant.hpp"

#include "core/agreement.hpp"
#include "core/creation.hpp"
#include "core/error.hpp"
#include "core/names.hpp"
#include "core/recovery.hpp"
#include "core/replacement.hpp"
#include "os/process.hpp"

namespace babus::core {
namespace {

// Each new attempt to attach means that somebody else replaced the slot meanwhile.
constexpr int kAttempts = 1000;

}  // namespace

Participant::Participant(const std::string& root, const std::string& domain, const std::string& name,
                         bool create, Role role, Watching watching) {
  check_participant_name(name);
  domain_ = Domain::open(root, domain, create ? Domain::Mode::kCreate : Domain::Mode::kJoin);
  recover_the_dead();
  slots_.resize(kSlots);
  take_row(name, role, watching != Watching::kOff);
  try {
    domain_->release_join_lock();
    const auto reach =
        watching == Watching::kEverybody ? Watcher::Reach::kEverybody : Watcher::Reach::kNeighbours;
    if (watching != Watching::kOff) watcher_ = std::make_unique<Watcher>(domain_, row_, reach);
  } catch (...) {  // nobody will destroy us
    give_row_back();
    throw;
  }
  sync::reached(sync::Step::kJoinDone);
}

void Participant::take_row(const std::string& name, Role role, bool watches) {
  for (uint32_t index = 0; index < kRows; ++index)
    if (try_row(index, name, role, watches)) return;
  throw Error("ERR_BABUS_SLOT_FULL", "domain '" + domain_->name() + "' has " + std::to_string(kRows) +
                                         " participants, the most there can be");
}

bool Participant::try_row(uint32_t index, const std::string& name, Role role, bool watches) {
  if (domain_->is_taken(index)) return false;
  if (!os::try_lock(domain_->file(), kRowLocks + index, 1, os::LockMode::kExclusive)) return false;
  if (domain_->is_taken(index)) {  // taken between the look and the lock, by one who lost its lock since
    os::unlock(domain_->file(), kRowLocks + index, 1);
    return false;
  }
  sync::reached(sync::Step::kJoinRowLocked);
  const os::ProcessId self = os::this_process();
  Row& row = domain_->row(index);
  row_ = index;
  generation_ = row.generation.load_relaxed() + 1;
  row.pid = self.pid;
  row.start_time = self.start_time;
  row.pid_namespace = self.pid_namespace;
  row.generation.store_release(generation_);  // PAIR owner
  row.viewer = role == Role::kViewer ? 1 : 0;
  if (role == Role::kViewer) domain_->look_on();
  row.sleep_mode.store_relaxed(static_cast<uint32_t>(SleepMode::kEventWord));
  row.filtered_wakes.store_relaxed(0);
  row.own_word.store_relaxed(0);
  row.creating.store_relaxed(0);
  row.watches.store_relaxed(watches ? 1 : 0);
  row.attached.clear();
  write_name(row.name, kNameBytes, name);
  // Before and after: who looks now finds the row locked, and looks again, so that our death is seen even if
  // we die before the second time.
  announce_membership(*domain_);
  sync::reached(sync::Step::kJoinRowWritten);
  row.state.store_release(static_cast<uint32_t>(RowState::kTaken));  // PAIR row
  sync::reached(sync::Step::kJoinTaken);
  announce_membership(*domain_);
  return true;
}

// The row is clean already: publishers, subscriptions and waiters gave back what they held when they were
// destroyed. While it is ours the domain stays, so the watcher ends before.
Participant::~Participant() {
  if (domain_->is_inherited()) return;
  sync::reached(sync::Step::kLeaveBegin);
  Watcher::finish(std::move(watcher_));
  give_row_back();
}

void Participant::give_row_back() noexcept {
  domain_->row(row_).state.store_release(static_cast<uint32_t>(RowState::kFree));  // PAIR row
  sync::reached(sync::Step::kLeaveFreed);
  announce_membership(*domain_);
}

std::shared_ptr<Slot> Participant::attach(const SlotConfig& config) {
  domain_->check_sound();
  recover_the_dead();
  const bool is_viewer = domain_->row(row_).viewer != 0;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    // A viewer may outlive its domain, so it must not make files in a folder that may be a successor's.
    const uint32_t index = is_viewer ? index_of(config.name) : find_or_create_slot(*domain_, row_, config);
    auto slot = slots_[index].lock();
    if (slot) slot->check_sound();
    // Two who want the same new settings must not be in each other's way: compare before using the slot.
    const auto seen = slot ? nullptr : std::make_unique<Control>(*domain_, index, os::Access::kRead);
    const Control& control = slot ? slot->control() : *seen;
    const auto difference = difference_of(config, control.config());
    if (difference && is_viewer) refuse(*difference, users_of(*domain_, index));
    if (difference) {
      replace_slot(*domain_, row_, index, control.generation(), config, *difference);
      continue;
    }
    if (!slot) slot = attach_index(index);
    if (seen && slot->control().generation() != seen->generation()) continue;
    return slot;
  }
  throw Error("ERR_BABUS_SLOT_CONFIG",
              "slot " + config.name +
                  " is replaced again and again by others with other settings; every "
                  "participant must be started with the same slots section");
}

uint32_t Participant::index_of(const std::string& name) const {
  const auto index = find_slot(*domain_, name);
  if (!index)
    throw Error("ERR_BABUS_SLOT_MISSING", "no slot '" + name + "' in domain '" + domain_->name() + "'");
  return *index;
}

std::shared_ptr<Slot> Participant::attach(const std::string& name) {
  domain_->check_sound();
  recover_the_dead();
  return attach_index(index_of(name));
}

std::shared_ptr<Slot> Participant::attach_index(uint32_t index) {
  if (auto slot = slots_[index].lock()) {
    slot->check_sound();
    return slot;
  }
  auto slot = std::make_shared<Slot>(*this, index);
  slots_[index] = slot;
  return slot;
}

void Participant::recover_the_dead() const {
  for (uint32_t row = 0; row < kRows; ++row)
    if (row != row_ && domain_->is_taken(row)) recover_if_dead(*domain_, row);
}

}  // namespace babus::core
