#include "core/history.hpp"

#include <algorithm>
#include <utility>

namespace babus::core {
namespace {

// How often a message counted from the newest is looked for anew when publishers are so fast that it is gone
// before it is pinned.
constexpr int kLaps = 64;

// When the nearest readable message from `sequence` down to `low` was published.
struct Probe {
  sync::Found found;
  uint64_t sequence;
  uint64_t monotonic_ns;
};

Probe probe(Subscription& subscription, uint64_t sequence, uint64_t low) {
  for (;;) {
    Message message;
    const sync::Found found = subscription.find(sequence, message);
    if (found == sync::Found::kMessage) subscription.release(message.pin);
    if (found != sync::Found::kCorrupt || sequence == low) return {found, sequence, message.monotonic_ns};
    --sequence;
  }
}

}  // namespace

bool at_back(Subscription& subscription, uint64_t back, Message& out) {
  for (int lap = 0; lap < kLaps; ++lap) {
    const uint64_t newest = subscription.newest();
    if (back >= newest || back >= subscription.slot().geometry().depth) return false;
    if (subscription.at(newest - back, out)) return true;
  }
  return false;
}

// Within a slot times never go back: a publisher reads the clock after head came to its sequence, which is
// after the message before was stamped, and again at each attempt.
uint64_t first_since(Subscription& subscription, uint64_t monotonic_ns) {
  uint64_t low = subscription.oldest();  // all below are earlier, or gone
  uint64_t high = subscription.newest() + 1;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    const Probe probed = probe(subscription, middle, low);
    switch (probed.found) {
      case sync::Found::kMessage:
        if (probed.monotonic_ns < monotonic_ns)
          low = middle + 1;
        else
          high = probed.sequence;
        break;
      case sync::Found::kGone:
        low = std::max(probed.sequence + 1, subscription.oldest());
        break;
      case sync::Found::kCorrupt:
        low = middle + 1;
        break;
      case sync::Found::kNotYet:
        high = probed.sequence;  // head has leapt over messages that were never published
        break;
    }
  }
  return low;
}

uint64_t Start::of(Subscription& subscription) const {
  const uint64_t next = subscription.newest() + 1;
  if (kind_ == Kind::kSince) return std::min(first_since(subscription, value_), next);
  return next - std::min(value_, next - std::min(subscription.oldest(), next));
}

History::History(Subscription& subscription, uint64_t from, uint64_t to)
    : subscription_(subscription),
      next_(std::max(from, subscription.oldest())),
      last_(std::min(to, subscription.newest())) {}

bool History::next(Message& out) {
  release();
  while (next_ <= last_) {
    switch (subscription_.find(next_, out)) {
      case sync::Found::kMessage:
        ++next_;
        pin_ = out.pin;
        return is_holding_ = true;
      case sync::Found::kGone:
        skip_to(std::max(next_ + 1, subscription_.oldest()));
        break;
      case sync::Found::kCorrupt:
        skip_to(next_ + 1);
        break;
      case sync::Found::kNotYet:
        skip_to(last_ + 1);  // head has leapt over messages that were never published
        break;
    }
  }
  return false;
}

void History::release() {
  if (std::exchange(is_holding_, false)) subscription_.release(pin_);
}

void History::skip_to(uint64_t sequence) noexcept {
  const uint64_t next = std::min(sequence, last_ + 1);
  skipped_ += next - next_;
  next_ = next;
}

}  // namespace babus::core
