#include "core/subscription.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "core/history.hpp"
#include "core/names.hpp"
#include "core/participant.hpp"
#include "os/clock.hpp"

namespace babus::core {
namespace {

// Each lap that overtakes us while we look for the oldest message means that `depth` more were published; a
// reader that loses this often tries again at the next wake.
constexpr int kLaps = 64;

std::shared_ptr<os::Mapping> map_data(const Slot& slot) {
  const auto file = slot.control().open_data(slot.participant().domain(), os::Access::kRead);
  const Participant& reader = slot.participant();
  const std::string stray_write = "node " + read_name(reader.domain().row(reader.row()).name, kNameBytes) +
                                  " wrote to " + slot.name() + ", message memory of a slot it only reads";
  return std::make_shared<os::Mapping>(file, slot.geometry().data_bytes, os::Access::kRead, slot.name(),
                                       stray_write);
}

[[noreturn]] void refuse(const Slot& slot, uint64_t sequence) {
  throw Error("ERR_BABUS_SLOT_CORRUPT", "slot " + slot.name() + ": message " + std::to_string(sequence) +
                                            " is not there, or has a buffer or length that cannot be");
}

}  // namespace

Subscription::Subscription(std::shared_ptr<Slot> slot, Start start)
    : slot_(std::move(slot)), data_(map_data(*slot_)), next_(0), pinned_(slot_->geometry().pins_per_reader) {
  slot_->add_reader();
  try {
    next_ = start.of(*this);
  } catch (...) {
    slot_->remove_reader();
    throw;
  }
}

Subscription::~Subscription() {
  if (slot_->is_inherited()) return;
  for (uint32_t place = 0; place < pinned_.size(); ++place)
    if (pinned_[place]) release(place);
  slot_->remove_reader();
}

bool Subscription::take(Message& out) {
  slot_->check_sound(data_.get());
  uint64_t announced = 0;  // a message that head says is there
  for (int lap = 0; lap < kLaps; ++lap) {
    switch (pin(next_, out)) {
      case sync::Found::kNotYet: {
        const uint64_t newest = slot_->newest_seen();
        if (newest < next_) return false;
        if (std::exchange(announced, next_) != next_) continue;  // published between our two looks
        skip_to(newest + 1);  // head has leapt over messages that were never published
        refuse(*slot_, announced);
      }
      case sync::Found::kGone:
        skip_to_oldest();
        continue;
      case sync::Found::kMessage:
        break;
      case sync::Found::kCorrupt:
        if (slot_->newest() < next_) refuse_stuck();
        skip_to(next_ + 1);  // one error for one message, or its reader would never get past it
        refuse(*slot_, next_ - 1);
    }
    if (slot_->ring().newest_seen() < next_)
      slot_->newest();  // its publisher may have died before it moved head
    ++next_;
    out.missed = std::exchange(missed_, 0);
    RowCounters& counters = slot_->counters();
    counters.delivered.add_alone(1);
    out.taken_ns = os::monotonic_ns();
    counters.latency.count(out.taken_ns > out.monotonic_ns ? out.taken_ns - out.monotonic_ns : 0);
    return true;
  }
  return false;
}

// Where the next message would be published stands what nobody can publish over.
void Subscription::refuse_stuck() {
  slot_->declare_corrupt();
  slot_->refuse_damaged(data_.get());
}

// The ring holds sequences newest - depth + 1 to newest.
uint64_t Subscription::oldest() {
  const uint64_t last = newest();
  const uint64_t depth = slot_->geometry().depth;
  return last >= depth ? last - depth + 1 : 1;
}

void Subscription::skip_to_oldest() { skip_to(std::max(oldest(), next_ + 1)); }

void Subscription::skip_to(uint64_t sequence) noexcept {
  missed_ += sequence - next_;
  slot_->counters().missed.add_alone(sequence - next_);
  next_ = sequence;
}

bool Subscription::at(uint64_t sequence, Message& out) {
  const sync::Found found = find(sequence, out);
  if (found == sync::Found::kCorrupt) refuse(*slot_, sequence);
  return found == sync::Found::kMessage;
}

sync::Found Subscription::find(uint64_t sequence, Message& out) {
  slot_->check_sound(data_.get());
  out.missed = 0;
  if (sequence == 0) return sync::Found::kGone;
  return sequence > sync::kSequenceMax ? sync::Found::kNotYet : pin(sequence, out);
}

sync::Found Subscription::pin(uint64_t sequence, Message& out) {
  const int place = slot_->take_pin_place();
  if (place < 0) {
    const sync::Found there = slot_->ring().look(sequence);
    if (there != sync::Found::kMessage) return there;  // with nothing to pin, no pin is wanting
    throw Error("ERR_BABUS_PIN_QUOTA", slot_->name() + ": " +
                                           std::to_string(slot_->geometry().pins_per_reader) +
                                           " messages are held already; release one, or raise slots." +
                                           slot_->name() + ".pins_per_reader");
  }
  const auto pin = static_cast<uint32_t>(place);
  const sync::Found found = slot_->ring().pin(slot_->participant().row(), pin, sequence, out.buffer);
  if (found != sync::Found::kMessage) {
    slot_->give_pin_place(pin);
    return found;
  }
  pinned_[pin] = true;
  const auto& header = *data_->at<const MessageHeader>(uint64_t{out.buffer} * slot_->geometry().stride);
  out.pin = pin;
  out.sequence = sequence;
  out.length = header.length;
  out.monotonic_ns = header.monotonic_ns;
  out.wall_ns = header.wall_ns;
  out.taken_ns = 0;
  const bool is_whole = header.sequence == sequence && out.length <= slot_->geometry().max_bytes;
  if (is_whole && !data_->is_damaged()) return found;
  release(pin);
  slot_->check_sound(data_.get());
  return sync::Found::kCorrupt;
}

void Subscription::release(uint32_t pin) {
  if (pin >= pinned_.size() || !pinned_[pin])
    throw Error("ERR_BABUS_CLOSED", slot_->name() + ": pin " + std::to_string(pin) + " is not held");
  pinned_[pin] = false;
  slot_->ring().unpin(slot_->participant().row(), pin);
  slot_->give_pin_place(pin);
}

const std::byte* Subscription::payload(uint32_t buffer) const noexcept {
  return data_->data() + uint64_t{buffer} * slot_->geometry().stride + kMessageHeaderBytes;
}

}  // namespace babus::core
