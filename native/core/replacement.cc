#include "core/replacement.hpp"

#include "core/access.hpp"
#include "core/creation.hpp"
#include "core/directory.hpp"
#include "core/names.hpp"
#include "sync/step.hpp"

namespace babus::core {
namespace {

// Back to what it was: only if nobody else decided otherwise.
void reopen(DirectoryEntry& entry, Current closing) noexcept {
  uint64_t there = closing.word();
  closing.closing = false;
  entry.current.swap_if_seq(there, closing.word());
}

// False when the slot has changed meanwhile. One who finds it closing goes on where the other is, or was.
bool close(DirectoryEntry& entry, uint64_t generation, Current& current) {
  uint64_t there = entry.current.load_seq();
  current = Current::of(there);
  if (current.generation != generation) return false;
  if (current.closing) return true;
  ++current.turns;
  current.closing = true;
  return entry.current.swap_if_seq(there, current.word());  // PAIR attach
}

// True when somebody uses the slot who came after it was replaced by others: our difference is out of date.
bool refuse_if_used(const Domain& domain, uint32_t index, uint64_t generation, const Difference& difference) {
  const auto users = users_of(domain, index);
  if (users.empty()) return false;
  if (current_of(domain.entry(index)).generation != generation) return true;
  refuse(difference, users);
}

}  // namespace

void hold_slot(const Domain& domain, uint32_t row, uint32_t index) noexcept {
  domain.row(row).attached.add(index);  // PAIR attach
  sync::reached(sync::Step::kAttachAdded);
  DirectoryEntry& entry = domain.entry(index);
  const Current seen = Current::of(entry.current.load_seq());  // PAIR attach
  sync::reached(sync::Step::kAttachLooked);
  // If this swap fails, either somebody else reopened the slot, or it has been replaced: whoever closes it
  // from now on finds our row.
  if (seen.closing) reopen(entry, seen);
}

void release_slot(const Domain& domain, uint32_t row, uint32_t index) noexcept {
  domain.row(row).attached.remove(index);
}

// A dead one's row stays while somebody who recovers it is stopped; it uses nothing.
std::vector<std::string> users_of(const Domain& domain, uint32_t index) {
  std::vector<std::string> users;
  for (uint32_t row = 0; row < kRows; ++row)
    if (domain.row(row).attached.has(index) && domain.is_taken(row) && !domain.is_dead(row))  // PAIR attach
      users.push_back(read_name(domain.row(row).name, kNameBytes));
  return users;
}

void replace_slot(const Domain& domain, uint32_t row, uint32_t index, uint64_t generation,
                  const SlotConfig& config, const Difference& difference) {
  if (!domain.is_own()) refuse(difference, users_of(domain, index));
  DirectoryEntry& entry = domain.entry(index);
  if (refuse_if_used(domain, index, generation, difference)) return;
  Current current;
  if (!close(entry, generation, current)) return;
  sync::reached(sync::Step::kReplaceClosing);
  try {
    if (refuse_if_used(domain, index, generation, difference)) return;
    sync::reached(sync::Step::kReplaceLooked);
    make_generation(domain, row, index, config, current);
  } catch (...) {
    reopen(entry, current);
    throw;
  }
}

}  // namespace babus::core
