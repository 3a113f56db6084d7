#include "core/recovery.hpp"

#include <string_view>

#include "core/control.hpp"
#include "core/creation.hpp"
#include "core/error.hpp"
#include "os/error.hpp"
#include "os/futex.hpp"
#include "os/lock.hpp"

namespace babus::core {
namespace {

void recover_slot(const Domain& domain, uint32_t index, uint32_t row, uint64_t generation) {
  const Control control(domain, index, os::Access::kReadWrite);
  control.ring().recover(row, sync::Ring::claimed_state(row, generation));
  control.header().readers.remove(row);
  control.header().publishers.remove(row);
}

// Every slot that the dead row was attached to; a damaged one costs itself alone: it is refused with this
// very error to whoever attaches. False when we lacked the means to look at one; members of the domain's
// group lack them for the slots that are its owner's alone.
bool recover_slots(const Domain& domain, uint32_t index) {
  const Row& row = domain.row(index);
  const uint64_t generation = row.generation.load_acquire();
  bool complete = true;
  row.attached.each([&](uint32_t slot) {
    try {
      recover_slot(domain, slot, index, generation);
    } catch (const Error& error) {
      if (error.code() == std::string_view("ERR_BABUS_PERMISSION")) complete = false;
    } catch (const os::SystemError& error) {
      if (error.out_of_resources() || error.not_permitted()) complete = false;
    }
    return true;
  });
  return complete;
}

// Lets go of a lock that was tried for, whatever is thrown meanwhile.
struct Unlock {
  const os::Fd& file;
  uint64_t byte;
  ~Unlock() {
    try {
      os::unlock(file, byte, 1);
    } catch (const os::SystemError&) {
      return;  // the program closed our descriptor meanwhile, and the lock with it
    }
  }
};

// A participant whose descriptors somebody closed would lock whatever file has their number now, and keep no
// newcomer out.
bool is_ours(const Domain& domain, const os::Fd& locks) {
  return os::is_same_file(domain.folder(), "domain", locks);
}

}  // namespace

bool has_own_locks(const Domain& domain) { return is_ours(domain, domain.file()); }

// While anybody holds the shared lock no newcomer can take the row (that needs it exclusively), and its dead
// owner can do nothing. So plain stores into its hazards wipe nothing of a living one, and neither does a
// recoverer that lags behind another who has freed the row already.
bool recover_if_dead(const Domain& domain, uint32_t index, const os::Fd& locks) {
  const uint64_t byte = kRowLocks + index;
  if (!domain.is_taken(index) || !domain.is_dead(index) || !is_ours(domain, locks)) return false;
  if (!os::try_lock(locks, byte, 1, os::LockMode::kShared)) return false;
  const Unlock held{locks, byte};
  if (!domain.is_taken(index) || !domain.is_dead(index))
    return false;  // others were faster, and it was taken
  sync::reached(sync::Step::kReapLocked);
  const uint64_t unfinished = domain.row(index).creating.load_acquire();
  const bool removed = unfinished == 0 || remove_unfinished(domain, unfinished);
  const bool complete = recover_slots(domain, index) && removed;
  sync::reached(sync::Step::kReapSlots);
  const uint32_t all_bits = ~uint32_t{0};
  domain.events().retract(index, all_bits);
  sync::reached(sync::Step::kReapRetracted);
  domain.waker().wake_all();  // it may have died between publishing and waking
  remove_bell(domain, index);
  sync::reached(sync::Step::kReapWoken);
  // A freed row is never looked at again, so one with something left is kept for the next recoverer.
  if (!complete) return true;
  domain.row(index).state.store_release(static_cast<uint32_t>(RowState::kFree));  // PAIR row
  sync::reached(sync::Step::kReapFreed);
  announce_membership(domain);
  return true;
}

uint32_t recover_domain(const std::string& root, const std::string& name) {
  uint32_t count = 0;
  try {
    const auto domain = Domain::open(root, name, Domain::Mode::kJoin);
    for (uint32_t row = 0; row < kRows; ++row)
      if (recover_if_dead(*domain, row)) ++count;
  } catch (const os::SystemError& error) {
    if (!error.not_permitted()) throw;
  }
  return count;
}

void announce_membership(const Domain& domain) noexcept {
  sync::Word32& membership = domain.header().membership;
  membership.add_seq(1);  // PAIR membership
  os::futex_wake(&membership, ~uint32_t{0});
}

}  // namespace babus::core
