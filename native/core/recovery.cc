#include "core/recovery.hpp"

#include "core/control.hpp"
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
// very error to whoever attaches. False when we lacked the means to look at one.
bool recover_slots(const Domain& domain, uint32_t index) {
  const Row& row = domain.row(index);
  const uint64_t generation = row.generation.load_acquire();
  bool complete = true;
  row.attached.each([&](uint32_t slot) {
    try {
      recover_slot(domain, slot, index, generation);
    } catch (const Error&) {
      return true;
    } catch (const os::SystemError& error) {
      if (error.out_of_resources()) complete = false;
    }
    return true;
  });
  return complete;
}

// Lets go of a lock that was tried for, whatever is thrown meanwhile.
struct Unlock {
  const os::Fd& file;
  uint64_t byte;
  ~Unlock() { os::unlock(file, byte, 1); }
};

}  // namespace

// While we hold the shared lock no newcomer can take the row (that needs it exclusively), and its dead owner
// can do nothing, so plain stores into its hazards wipe nothing of a living one. Two recoverers hold it both;
// each sees the other's lock when it asks for the exclusive one, and then leaves the row for the next:
// everything but freeing it is done.
bool recover_if_dead(const Domain& domain, uint32_t index) {
  const uint64_t byte = kRowLocks + index;
  if (!os::try_lock(domain.file(), byte, 1, os::LockMode::kShared)) return false;
  const Unlock held{domain.file(), byte};
  if (!domain.is_taken(index) || !domain.is_dead(index)) return false;
  const bool complete = recover_slots(domain, index);
  const uint32_t all_bits = ~uint32_t{0};
  domain.events().retract(index, all_bits);
  domain.events().notify_all(all_bits, os::futex_wake);  // it may have died between publishing and waking
  // A freed row is never looked at again, so one with something left is kept for the next recoverer.
  if (complete && os::try_lock(domain.file(), byte, 1, os::LockMode::kExclusive))
    domain.row(index).state.store_release(static_cast<uint32_t>(RowState::kFree));  // PAIR row
  return true;
}

}  // namespace babus::core
