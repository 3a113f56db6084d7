#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "core/control.hpp"

namespace babus::core {

class Participant;

// A slot as one participant sees it: its control file, and how many of its quotas are in use by this
// participant's publishers and subscriptions. Detaches the row when the last of them is gone.
class Slot : public std::enable_shared_from_this<Slot> {
 public:
  Slot(const Participant& participant, uint32_t index);
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

  const Participant& participant() const noexcept { return participant_; }
  const Control& control() const noexcept { return control_; }
  const Geometry& geometry() const noexcept { return control_.geometry(); }
  const std::string& name() const noexcept { return control_.config().name; }
  sync::Ring& ring() noexcept { return ring_; }
  RowCounters& counters() const noexcept { return counters_; }

  // True once a file that the slot needs (its control file, `data`, or the domain's own) lost pages while it
  // was mapped, its control file was emptied, or declare_corrupt() was called anywhere. Cheap: asked at every
  // operation.
  bool is_damaged(const os::Mapping* data = nullptr) const noexcept;
  // Throws ERR_BABUS_SLOT_CORRUPT or ERR_BABUS_DOMAIN_CORRUPT naming the file.
  void check_sound(const os::Mapping* data = nullptr) const {
    if (is_damaged(data)) refuse_damaged(data);
  }

  // For control words by which the slot can never go on: everybody who uses or opens it is refused from now
  // on, and those who sleep are woken to hear of it.
  void declare_corrupt() noexcept;

  [[noreturn]] void refuse_damaged(const os::Mapping* data = nullptr) const;

  // True in a child after a plain fork(): what is open here is the parent's, and must not be given back.
  bool is_inherited() const noexcept;

  // Throw ERR_BABUS_SLOT_FULL when as many rows read or publish as the slot allows.
  void add_reader();
  void remove_reader() noexcept;
  void add_publisher();
  void remove_publisher() noexcept;

  // A free place among this row's hazards, or -1 when its quota is used up.
  int take_pin_place() noexcept;
  void give_pin_place(uint32_t place) noexcept;

  bool take_loan() noexcept;
  void give_loan() noexcept { --loans_; }

  // Wakes whoever sleeps on this slot's bit; no system call when nobody does.
  void wake() const noexcept;
  // Newest sequence as head says, which a publisher may be about to move.
  uint64_t newest_seen() const noexcept { return ring_.newest_seen(); }
  // Newest sequence; wakes the sleepers if a publisher had left head behind.
  uint64_t newest() noexcept;

 private:
  // From before the files are opened until after the last of them is closed.
  class Hold {
   public:
    Hold(const Participant& participant, uint32_t index);
    ~Hold();
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    uint32_t index() const noexcept { return index_; }

   private:
    const Participant& participant_;
    uint32_t index_;
  };

  const Participant& participant_;
  Hold hold_;
  Control control_;
  sync::Ring ring_;
  RowCounters& counters_;
  uint32_t readers_ = 0;
  uint32_t publishers_ = 0;
  uint32_t loans_ = 0;
  std::vector<uint32_t> free_pins_;
};

}  // namespace babus::core
