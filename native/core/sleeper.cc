#include "core/sleeper.hpp"

#include <algorithm>

#include "os/clock.hpp"
#include "os/futex.hpp"

namespace babus::core {
namespace {

// Nobody wakes a sleeper whose slot's or domain's file was cut short under it: publishers find no sleepers in
// what is left, and even cancel() would count up a word in a page of zeros. So it looks by itself now and
// then.
constexpr uint64_t kLookAgainNs = 1'000'000'000;

uint32_t bits_of(const std::vector<Sleeper::Watch>& watches) {
  if (watches.empty()) return sync::kAllBits;
  uint32_t bits = 0;
  for (const auto& watch : watches) bits |= uint32_t{1} << watch.slot->control().bit();
  return bits;
}

}  // namespace

// The mode comes before the file, so that whoever recovers us knows that there may be one; the file, and the
// count that makes it another bell than the one before, come before the first announcement.
Sleeper::Sleeper(Participant& participant, SleepMode mode)
    : domain_(participant.domain()), row_(participant.row()), mode_(mode) {
  Row& row = domain_.row(row_);
  row.sleep_mode.store_release(static_cast<uint32_t>(mode));  // PAIR mode
  if (mode != SleepMode::kDoorbell) return;
  try {
    bell_.open(participant);
  } catch (...) {
    row.sleep_mode.store_release(static_cast<uint32_t>(SleepMode::kEventWord));  // PAIR mode
    throw;
  }
  row.own_word.add_seq(1);  // PAIR mode
  sync::reached(sync::Step::kBellMade);
}

Sleeper::~Sleeper() {
  if (!domain_.is_inherited()) finish();
}

bool Sleeper::has_news(const std::vector<Watch>& watches) noexcept {
  return std::any_of(watches.begin(), watches.end(), is_news);
}

bool Sleeper::is_news(const Watch& watch) noexcept {
  return watch.slot->newest_seen() > watch.seen || watch.slot->is_damaged();
}

Sleeper::Woken Sleeper::sleep(const std::vector<Watch>& watches, std::optional<uint64_t> deadline_ns) {
  announce(watches);
  const sync::Word32& word =
      mode_ == SleepMode::kEventWord ? domain_.header().event_word : domain_.row(row_).own_word;
  bool slept = false;
  bool woken = true;
  const auto wait_once = [&](const sync::Word32* futex, uint32_t expected) {
    if (slept && woken) count_filtered(watches);
    const uint64_t look_again_ns = os::monotonic_ns() + kLookAgainNs;
    woken = wait(futex, expected, std::min(deadline_ns.value_or(look_again_ns), look_again_ns));
    slept = true;
  };
  const auto is_late = [&] { return deadline_ns && os::monotonic_ns() >= *deadline_ns; };
  bool over = false;
  do
    over = sync::Events::sleep_once(
        word, [&] { return is_over(watches); }, wait_once);
  while (!over && !is_late());
  if (over && !woken) ++unwoken_;
  finish();
  return reason(watches);
}

bool Sleeper::wait(const void* word, uint32_t expected, uint64_t deadline_ns) noexcept {
  switch (mode_) {
    case SleepMode::kOwnWord:
      return os::futex_wait(word, expected, sync::kAllBits, deadline_ns);
    case SleepMode::kDoorbell: {
      // Only cancel() reaches one whose descriptor somebody closed.
      if (!bell_.fifo().is_sound()) return os::futex_wait(word, expected, sync::kAllBits, deadline_ns);
      const bool rung = os::wait_readable(fd(), deadline_ns);
      // Before the next look: what rings after the bell was emptied stays to be heard.
      bell_.fifo().drain();
      return rung;
    }
    case SleepMode::kEventWord:
      break;
  }
  return os::futex_wait(word, expected, announced_, deadline_ns);
}

std::optional<Sleeper::Woken> Sleeper::peek(const std::vector<Watch>& watches) noexcept {
  if (!is_over(watches)) return std::nullopt;
  return reason(watches);
}

std::optional<Sleeper::Woken> Sleeper::prepare(const std::vector<Watch>& watches) {
  announce(watches);
  if (is_over(watches)) {
    finish();
    return reason(watches);
  }
  sync::reached(sync::Step::kSleepLooked);
  return std::nullopt;
}

std::optional<Sleeper::Woken> Sleeper::look(const std::vector<Watch>& watches) {
  bell_.fifo().drain();
  if (!is_over(watches)) {
    count_filtered(watches);
    return std::nullopt;
  }
  finish();
  return reason(watches);
}

void Sleeper::announce(const std::vector<Watch>& watches) noexcept {
  announced_ = bits_of(watches);
  domain_.events().announce(row_, announced_);
}

void Sleeper::finish() noexcept {
  if (announced_ != 0) domain_.events().retract(row_, announced_);
  announced_ = 0;
}

bool Sleeper::is_over(const std::vector<Watch>& watches) const noexcept {
  if (cancelled_.load_seq() != 0 || has_news(watches)) return true;   // PAIR wake
  return !told_retired_ && domain_.header().retired.load_seq() != 0;  // PAIR removal
}

// News first: a cancel that came with it stays for the next sleep.
Sleeper::Woken Sleeper::reason(const std::vector<Watch>& watches) noexcept {
  if (has_news(watches)) return Woken::kNews;
  uint32_t cancelled = 1;
  if (cancelled_.swap_if_seq(cancelled, 0)) return Woken::kCancelled;
  if (told_retired_ || domain_.header().retired.load_seq() == 0) return Woken::kTimeout;
  told_retired_ = true;
  return Woken::kRetired;
}

// Woken, and nothing new: another slot shares a bit, or somebody died.
void Sleeper::count_filtered(const std::vector<Watch>& watches) noexcept {
  domain_.row(row_).filtered_wakes.add_alone(1);
  for (const auto& watch : watches) watch.slot->counters().filtered.add_alone(1);
}

void Sleeper::cancel() {
  cancelled_.store_seq(1);  // PAIR wake
  if (mode_ == SleepMode::kEventWord) return domain_.events().notify_word(sync::kAllBits, os::futex_wake);
  if (bell_.fifo().write_byte()) return;
  sync::Word32& word = domain_.row(row_).own_word;
  word.add_seq(1);  // PAIR wake
  os::futex_wake(&word, sync::kAllBits);
}

}  // namespace babus::core
