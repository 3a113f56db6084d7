#include "core/slot.hpp"

#include "core/error.hpp"
#include "core/participant.hpp"
#include "os/futex.hpp"

namespace babus::core {
namespace {

// The bitmap is added to first and counted after, so two that attach at once can only be too careful, never
// too many.
void add_row(sync::RowSet& rows, uint32_t row, uint32_t most, const std::string& slot, const char* what) {
  rows.add(row);  // PAIR readers
  if (rows.count() <= most) return;
  rows.remove(row);
  throw Error("ERR_BABUS_SLOT_FULL", "slot " + slot + ": already has " + std::to_string(most) + " " + what +
                                         "s; raise slots." + slot + ".max_" + what + "s");
}

}  // namespace

// The attached bit comes before anything that recovery would have to give back, and goes last.
Slot::Slot(const Participant& participant, uint32_t index)
    : participant_(participant),
      index_(index),
      control_(participant.domain(), index, os::Access::kReadWrite),
      ring_(control_.ring()),
      counters_(control_.counters(participant.row())) {
  control_.prepare_counters(participant.row());
  participant.domain().row(participant.row()).attached.add(index);
  for (uint32_t place = geometry().pins_per_reader; place > 0; --place) free_pins_.push_back(place - 1);
}

Slot::~Slot() {
  if (!is_inherited()) participant_.domain().row(participant_.row()).attached.remove(index_);
}

bool Slot::is_inherited() const noexcept { return participant_.domain().is_inherited(); }

void Slot::add_reader() {
  if (readers_ == 0)
    add_row(control_.header().readers, participant_.row(), geometry().max_readers, name(), "reader");
  ++readers_;
}

void Slot::remove_reader() noexcept {
  if (--readers_ == 0) control_.header().readers.remove(participant_.row());
}

void Slot::add_publisher() {
  if (publishers_ == 0)
    add_row(control_.header().publishers, participant_.row(), geometry().max_publishers, name(), "publisher");
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

void Slot::wake() const noexcept { participant_.domain().events().notify(control_.bit(), os::futex_wake); }

uint64_t Slot::newest() noexcept {
  bool helped = false;
  const uint64_t sequence = ring_.newest(helped);
  if (helped) wake();
  return sequence;
}

}  // namespace babus::core
