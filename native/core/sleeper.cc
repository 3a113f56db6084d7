#include "core/sleeper.hpp"

#include <algorithm>

#include "os/clock.hpp"
#include "os/futex.hpp"

namespace babus::core {
namespace {

uint32_t bits_of(const std::vector<Sleeper::Watch>& watches) {
  uint32_t bits = 0;
  for (const auto& watch : watches) bits |= uint32_t{1} << watch.slot->control().bit();
  return bits;
}

bool has_news(const std::vector<Sleeper::Watch>& watches) {
  return std::any_of(watches.begin(), watches.end(),
                     [](const auto& watch) { return watch.slot->newest_seen() > watch.seen; });
}

}  // namespace

Sleeper::Woken Sleeper::sleep(const std::vector<Watch>& watches, std::optional<uint64_t> deadline_ns) {
  // With nothing to watch there is still cancel() to wait for, which wakes every bit.
  const uint32_t bits = watches.empty() ? ~uint32_t{0} : bits_of(watches);
  const auto stop = [&] { return cancelled_.load_seq() != 0 || has_news(watches); };  // PAIR wake
  const auto late = [&] { return deadline_ns && os::monotonic_ns() >= *deadline_ns; };
  sync::Events events = domain_.events();
  events.announce(row_, bits);
  bool slept = false;
  while (!events.sleep_once(bits, stop, [&](const sync::Word32* word, uint32_t expected, uint32_t mask) {
    if (slept) {  // woken, and nothing new: another slot shares a bit
      domain_.row(row_).filtered_wakes.add_alone(1);
      for (const auto& watch : watches) watch.slot->counters().filtered.add_alone(1);
    }
    os::futex_wait(word, expected, mask, deadline_ns);
    slept = true;
  }))
    if (late()) break;
  events.retract(row_, bits);
  if (has_news(watches)) return Woken::kNews;
  uint32_t cancelled = 1;
  if (cancelled_.swap_if_seq(cancelled, 0)) return Woken::kCancelled;
  return Woken::kTimeout;
}

void Sleeper::cancel() {
  cancelled_.store_seq(1);  // PAIR wake
  domain_.events().notify_all(~uint32_t{0}, os::futex_wake);
}

}  // namespace babus::core
