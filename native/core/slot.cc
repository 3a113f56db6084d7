#include "core/slot.hpp"

#include "core/directory.hpp"
#include "core/error.hpp"
#include "core/participant.hpp"
#include "core/replacement.hpp"

namespace babus::core {
namespace {

// The bitmap is added to first and counted after, so two that attach at once can only be too careful, never
// too many. Everybody in it is attached: the bit came before, and goes after.
void add_row(const Participant& participant, uint32_t index, sync::RowSet& rows, uint32_t most,
             const char* what) {
  rows.add(participant.row());  // PAIR readers
  uint32_t count = 0;
  each_attached(participant.domain(), index, rows, [&](uint32_t) { ++count; });
  if (count <= most) return;
  rows.remove(participant.row());
  const std::string slot = name_of(participant.domain().entry(index));
  throw Error("ERR_BABUS_SLOT_FULL", "slot " + slot + ": already has " + std::to_string(most) + " " + what +
                                         "s; raise slots." + slot + ".max_" + what + "s");
}

}  // namespace

// The attached bit comes before anything that recovery would have to give back, and goes last.
Slot::Hold::Hold(const Participant& participant, uint32_t index) : participant_(participant), index_(index) {
  hold_slot(participant.domain(), participant.row(), index);
}

Slot::Hold::~Hold() {
  if (!participant_.domain().is_inherited()) release_slot(participant_.domain(), participant_.row(), index_);
}

Slot::Slot(const Participant& participant, uint32_t index)
    : participant_(participant),
      hold_(participant, index),
      control_(participant.domain(), index, os::Access::kReadWrite),
      ring_(control_.ring()),
      counters_(control_.counters(participant.row())) {
  control_.prepare_counters(participant.row());
  for (uint32_t place = geometry().pins_per_reader; place > 0; --place) free_pins_.push_back(place - 1);
}

// Head starts at 1 and grows to one more than the last sequence there can be.
bool Slot::is_damaged(const os::Mapping* data) const noexcept {
  const uint64_t head = control_.header().head.load_relaxed();
  return head == 0 || control_.header().corrupt.load_seq() != 0 ||  // PAIR refusal
         head - 1 > ring_.last_sequence() || control_.is_damaged() ||
         (data != nullptr && data->is_damaged()) || participant_.domain().is_damaged();
}

void Slot::refuse_damaged(const os::Mapping* data) const {
  participant_.domain().check_sound();
  const bool is_data = data != nullptr && data->is_damaged();
  throw Error("ERR_BABUS_SLOT_CORRUPT",
              "slot " + name() + ": its file " + (is_data ? control_.data_file() : control_.file_name()) +
                  " was truncated or overwritten while in use; stop what uses domain '" +
                  participant_.domain().name() + "' and start it again");
}

void Slot::declare_corrupt() noexcept {
  control_.header().corrupt.store_seq(1);  // PAIR refusal
  wake();
}

bool Slot::is_inherited() const noexcept { return participant_.domain().is_inherited(); }

void Slot::add_reader() {
  if (readers_ == 0)
    add_row(participant_, hold_.index(), control_.header().readers, geometry().max_readers, "reader");
  ++readers_;
}

void Slot::remove_reader() noexcept {
  if (--readers_ == 0) control_.header().readers.remove(participant_.row());
}

void Slot::add_publisher() {
  if (publishers_ == 0)
    add_row(participant_, hold_.index(), control_.header().publishers, geometry().max_publishers,
            "publisher");
  ++publishers_;
}

void Slot::remove_publisher() noexcept {
  if (--publishers_ == 0) control_.header().publishers.remove(participant_.row());
}

int Slot::take_pin_place() noexcept {
  if (free_pins_.empty()) return -1;
  const uint32_t place = free_pins_.back();
  free_pins_.pop_back();
  return static_cast<int>(place);
}

void Slot::give_pin_place(uint32_t place) noexcept { free_pins_.push_back(place); }

bool Slot::take_loan() noexcept {
  if (loans_ >= geometry().loans_per_publisher) return false;
  ++loans_;
  return true;
}

void Slot::wake() const noexcept { participant_.domain().waker().wake(control_.bit()); }

uint64_t Slot::newest() noexcept {
  bool helped = false;
  const uint64_t sequence = ring_.newest(helped);
  if (helped) wake();
  return sequence;
}

}  // namespace babus::core
