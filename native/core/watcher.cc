#include "core/watcher.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "core/recovery.hpp"
#include "os/error.hpp"
#include "os/futex.hpp"
#include "os/process.hpp"

namespace babus::core {
namespace {

// How soon to look again, only while there is a reason to: a lock that the kernel has not let go of yet (a
// descriptor that leaked into a child), somebody who is joining, a row that could not be given back whole;
// and a process that cannot be held open.
constexpr uint32_t kLookAgainMs = 20;
constexpr uint32_t kLookByLockMs = 50;
// A row that others must give back the rest of is asked about ever less often, because each time wakes all.
constexpr uint32_t kIncompleteMsMost = 1000;

}  // namespace

Watcher::Watcher(std::shared_ptr<Domain> domain, uint32_t row, Reach reach)
    : domain_(std::move(domain)),
      own_row_(row),
      own_namespace_(os::own_pid_namespace()),
      reach_(reach == Reach::kEverybody ? kRows : kNeighbours),
      seen_membership_(domain_->header().membership.load_seq()) {  // PAIR membership
  locks_guard_.fill([&] { return os::reopen(domain_->file(), os::Access::kReadWrite, domain_->path()); });
  watching_.emplace("babus-watch", [this] { watch(); });
  try {
    listening_.emplace("babus-members", [this] { listen(); });
  } catch (...) {
    static_cast<void>(end());
    throw;
  }
}

// A forked child has our memory, but neither the descriptors nor the threads.
void Watcher::finish(std::unique_ptr<Watcher> watcher) noexcept {
  if (watcher && watcher->locks_ && !watcher->end()) static_cast<void>(watcher.release());
}

bool Watcher::end() noexcept {
  ending_.store_seq(1);  // PAIR ending
  if (listening_) {
    os::futex_wake(&ending_, ~uint32_t{0});
    listening_->join();
  }
  if (!poller_.call()) return false;
  watching_->join();
  return true;
}

// The domain's word alone would not do to end us: once somebody has cut the file short nobody can be woken
// through it.
void Watcher::listen() {
  const sync::Word32& membership = domain_->header().membership;
  while (ending_.load_seq() == 0) {  // PAIR ending
    os::futex_wait_either(&membership, seen_membership_, &ending_);
    const uint32_t now = membership.load_seq();  // PAIR membership
    if (now == seen_membership_) continue;
    seen_membership_ = now;
    if (!poller_.call()) return stop_counting();
  }
}

// The program has closed our descriptors: others must look out for whom we did.
void Watcher::stop_counting() noexcept {
  if (ending_.load_seq() != 0) return;  // the row may be another's soon
  domain_->row(own_row_).watches.store_relaxed(0);
  announce_membership(*domain_);
}

void Watcher::watch() {
  while (ending_.load_seq() == 0) {  // PAIR ending
    std::optional<uint32_t> again;
    try {
      again = look();
    } catch (const std::exception&) {
      again = kLookByLockMs;  // out of descriptors or memory; if ours were closed the wait will tell
    }
    if (!poller_.wait(again)) return stop_counting();
  }
}

// Recovers the dead it comes by, and sees to it that the deaths of the living ones it finds wake us.
// Returns after how many milliseconds to look again even if nothing does.
std::optional<uint32_t> Watcher::look() {
  bool look_again = false;
  bool by_lock = false;
  bool incomplete = false;
  const Found found = find_living(look_again, incomplete);
  keep_only(found);
  for (const Living& who : found) {
    Place& place = place_for(who);
    if (!place.process && !hold_open(place))
      by_lock = true;
    else if (os::has_ended(place.process))
      look_again = true;
  }
  incomplete_ms_ = incomplete ? std::min(std::max(incomplete_ms_ * 2, kLookAgainMs), kIncompleteMsMost) : 0;
  if (look_again) return kLookAgainMs;
  if (incomplete) return by_lock ? std::min(incomplete_ms_, kLookByLockMs) : incomplete_ms_;
  return by_lock ? std::optional(kLookByLockMs) : std::nullopt;
}

Watcher::Found Watcher::find_living(bool& look_again, bool& incomplete) {
  // Before the rows: who told us that it comes, and holds this lock no more, has its row by now or is dead.
  look_again = os::is_locked(locks_, kJoinLock, 1);
  Found found;
  uint32_t watchers = 0;
  for (uint32_t i = 1; i < kRows && watchers < reach_; ++i) {
    const uint32_t row = (own_row_ + i) % kRows;
    if (!domain_->is_taken(row)) continue;
    const bool watches = domain_->row(row).watches.load_relaxed() != 0;
    const uint64_t generation = domain_->row(row).generation.load_acquire();  // PAIR owner
    if (recover_if_dead(*domain_, row, locks_)) {
      incomplete |= domain_->is_taken(row);
    } else {
      found.push_back({row, generation});
      watchers += watches ? 1 : 0;
    }
  }
  return found;
}

// Lets go of those that left, died, or are no longer among those to be watched.
void Watcher::keep_only(const Found& found) noexcept {
  for (const auto& place : places_) {
    if (place->who.row == kRows || std::find(found.begin(), found.end(), place->who) != found.end()) continue;
    if (place->process) poller_.remove(place->process.get());
    place->guard.fill([] { return os::Fd(); });
    place->who = {};
  }
}

Watcher::Place& Watcher::place_for(const Living& who) {
  const auto is = [](const Living& wanted) { return [wanted](const auto& p) { return p->who == wanted; }; };
  auto place = std::find_if(places_.begin(), places_.end(), is(who));
  if (place == places_.end()) place = std::find_if(places_.begin(), places_.end(), is({}));
  if (place == places_.end()) place = places_.insert(place, std::make_unique<Place>());
  (*place)->who = who;
  return **place;
}

// False when the process cannot be held open, or its number means nothing here.
bool Watcher::hold_open(Place& place) {
  const Row& row = domain_->row(place.who.row);
  if (row.pid_namespace != own_namespace_) return false;
  os::OpenedProcess opened = os::open_process({row.pid, row.start_time, row.pid_namespace});
  if (!opened.fd) return false;
  poller_.add(opened.fd.get());
  place.guard.fill([&] { return std::move(opened.fd); });
  return true;
}

}  // namespace babus::core
