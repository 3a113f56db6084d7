#include "core/waker.hpp"

#include "core/domain.hpp"
#include "os/futex.hpp"

namespace babus::core {

void Waker::prepare() { bells_.prepare(domain_.path()); }

void Waker::wake(uint32_t bit) noexcept {
  domain_.events().notify(
      bit, [this](uint32_t row) { return is_on_event_word(row); }, os::futex_wake);
}

void Waker::wake_all() noexcept {
  domain_.events().notify_everybody([this](uint32_t row) { return is_on_event_word(row); }, os::futex_wake);
}

// True when the row sleeps on the event word; who sleeps otherwise has been woken by then. A mode that cannot
// be counts as the event word, which everybody may wake.
bool Waker::is_on_event_word(uint32_t index) noexcept {
  Row& row = domain_.row(index);
  switch (static_cast<SleepMode>(row.sleep_mode.load_acquire())) {  // PAIR mode
    case SleepMode::kOwnWord:
      row.own_word.add_seq(1);  // PAIR wake
      sync::reached(sync::Step::kWakeOwnCounted);
      os::futex_wake(&row.own_word, sync::kAllBits);
      return false;
    case SleepMode::kDoorbell:
      bells_.ring(index, row.generation.load_acquire(), row.own_word.load_acquire());
      sync::reached(sync::Step::kBellRung);
      return false;
    case SleepMode::kEventWord:
      break;
  }
  return true;
}

}  // namespace babus::core
