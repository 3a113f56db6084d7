#include "core/publisher.hpp"

#include <algorithm>
#include <cstring>

#include "core/error.hpp"
#include "core/participant.hpp"
#include "core/recovery.hpp"
#include "os/clock.hpp"

namespace babus::core {
namespace {

// A pass over all buffers can miss one that moved behind it, which means that another publisher got on.
// Quotas leave a buffer for every loan, so this many passes without one mean that something is wrong.
constexpr int kPasses = 64;

// A viewer may outlive its domain, and promises its people that it changes nothing.
std::shared_ptr<Slot> of_a_member(std::shared_ptr<Slot> slot) {
  const Participant& participant = slot->participant();
  if (participant.domain().row(participant.row()).viewer != 0)
    throw Error("ERR_BABUS_ARGUMENT", "slot " + slot->name() + ": participant " +
                                          std::to_string(participant.row()) +
                                          " joined to look on only, and cannot publish; join as a member");
  return slot;
}

os::Fd open_data(const Slot& slot) {
  return slot.control().open_data(slot.participant().domain(), os::Access::kReadWrite);
}

}  // namespace

Publisher::Publisher(std::shared_ptr<Slot> slot)
    : slot_(of_a_member(std::move(slot))),
      file_(open_data(*slot_)),
      data_(std::make_shared<os::Mapping>(file_, slot_->geometry().data_bytes, os::Access::kReadWrite,
                                          slot_->name())),
      claimed_(sync::Ring::claimed_state(slot_->participant().row(), slot_->participant().generation())),
      loaned_(slot_->geometry().buffers),
      backing_(*slot_, file_) {
  slot_->add_publisher();
}

Publisher::~Publisher() {
  if (slot_->is_inherited()) return;
  for (uint32_t b = 0; b < loaned_.size(); ++b)
    if (loaned_[b]) discard(b);
  slot_->remove_publisher();
}

uint32_t Publisher::loan(uint64_t fixed_bytes) {
  slot_->check_sound(data_.get());
  if (!slot_->take_loan())
    throw Error("ERR_BABUS_LOAN_QUOTA",
                slot_->name() + ": " + std::to_string(slot_->geometry().loans_per_publisher) +
                    " loans are open already; publish or discard one, or raise slots." + slot_->name() +
                    ".loans_per_publisher");
  uint32_t buffer = 0;
  try {
    buffer = claim(fixed_bytes);
  } catch (...) {
    slot_->give_loan();
    throw;
  }
  loaned_[buffer] = true;
  sync::reached(sync::Step::kFillReserved);
  std::memset(payload(buffer), 0, fixed_bytes);
  sync::reached(sync::Step::kFillZeroed);
  return buffer;
}

// While memory is short, buffers that have enough already come first, and are all there is when a new one
// cannot be had.
uint32_t Publisher::claim(uint64_t fixed_bytes) {
  uint32_t buffer = 0;
  if (const uint64_t wanted = backing_.short_of_bytes()) {
    if (claim_backed(std::max(wanted, fixed_bytes), buffer)) return buffer;
    backing_.forget_shortage();  // perhaps there is memory again
  }
  buffer = claim_somehow();
  try {
    backing_.reserve(buffer, fixed_bytes);
    return buffer;
  } catch (...) {
    slot_->ring().discard(buffer);
    if (backing_.short_of_bytes() == 0 || !claim_backed(fixed_bytes, buffer)) throw;
    return buffer;
  }
}

uint32_t Publisher::claim_somehow() {
  uint32_t buffer = 0;
  if (claim_known(buffer) || claim_any(buffer)) return buffer;
  slot_->participant().recover_the_dead();
  free_orphans();
  for (int pass = 0; pass < kPasses; ++pass)
    if (claim_any(buffer)) return buffer;
  throw Error("ERR_BABUS_SLOT_CORRUPT",
              "slot " + slot_->name() + ": no buffer is free although quotas leave one for every loan");
}

bool Publisher::try_claim(uint32_t buffer) noexcept { return slot_->ring().try_claim(buffer, claimed_); }

bool Publisher::claim_known(uint32_t& buffer) noexcept {
  for (uint32_t i = 0; i < known_count_; ++i) {
    if (!try_claim(known_[i])) continue;
    buffer = known_[i];
    known_[i] = known_[--known_count_];
    return true;
  }
  return false;
}

bool Publisher::claim_any(uint32_t& buffer) noexcept {
  const uint32_t count = slot_->geometry().buffers;
  for (uint32_t i = 0; i < count; ++i) {
    buffer = next_;
    next_ = next_ + 1 == count ? 0 : next_ + 1;
    if (try_claim(buffer)) return true;
  }
  return false;
}

bool Publisher::claim_backed(uint64_t bytes, uint32_t& buffer) {
  for (buffer = 0; buffer < slot_->geometry().buffers; ++buffer)
    if (backing_.has(buffer, bytes) && try_claim(buffer)) return true;
  return false;
}

// Frees what is claimed in the name of nobody who lives. Recovery leaves nothing of the kind, so somebody
// wrote nonsense into the buffers' states.
void Publisher::free_orphans() {
  const Participant& own = slot_->participant();
  if (!has_own_locks(own.domain())) return;
  slot_->ring().free_claims_unless(
      [&own](uint32_t row) { return row == own.row() || !own.domain().is_dead(row); });
}

void Publisher::remember(uint32_t buffer) noexcept {
  if (known_count_ < known_.size()) known_[known_count_++] = buffer;
}

void Publisher::reserve(uint32_t buffer, uint64_t bytes) {
  check_loaned(buffer);
  backing_.reserve(buffer, bytes);
}

// These are the first buffers: claims begin there, and come back to what they pushed out.
void Publisher::prefault() {
  const Geometry& g = slot_->geometry();
  const uint64_t count = std::min(uint64_t{g.buffers}, uint64_t{g.depth} + g.loans_per_publisher);
  for (uint32_t buffer = 0; buffer < count; ++buffer) backing_.reserve(buffer, g.max_bytes);
  data_->populate(0, count * g.stride);
  slot_->check_sound(data_.get());
}

uint64_t Publisher::commit(uint32_t buffer, uint64_t bytes) {
  check_loaned(buffer);
  reserve(buffer, bytes);
  MessageHeader& h = header(buffer);
  h.length = bytes;
  slot_->check_sound(data_.get());  // after the header's page was touched, and the payload's
  const auto committed = slot_->ring().commit(buffer, [&h](uint64_t sequence) {
    h.sequence = sequence;
    h.monotonic_ns = os::monotonic_ns();
    h.wall_ns = os::wall_ns();
  });
  if (committed.sequence == 0) refuse_commit();
  loaned_[buffer] = false;
  slot_->give_loan();
  slot_->check_sound(data_.get());  // what was published in a page that is gone, nobody gets
  // Before the wake, in which whoever was woken may take our core: tools compare these with head.
  slot_->counters().published.add_alone(1);
  slot_->counters().published_bytes.add_alone(bytes);
  if (committed.pushed_out) remember(*committed.pushed_out);
  slot_->wake();
  return committed.sequence;
}

void Publisher::refuse_commit() {
  slot_->check_sound(data_.get());
  const uint64_t last = slot_->ring().last_sequence();
  if (slot_->newest_seen() >= last)
    throw Error("ERR_BABUS_SLOT_FULL", "slot " + slot_->name() + ": message " + std::to_string(last) +
                                           " was the last that it has numbers for; stop what uses domain '" +
                                           slot_->participant().domain().name() + "' and start it again");
  slot_->declare_corrupt();
  slot_->refuse_damaged(data_.get());
}

void Publisher::discard(uint32_t buffer) {
  check_loaned(buffer);
  loaned_[buffer] = false;
  slot_->give_loan();
  slot_->ring().discard(buffer);
  remember(buffer);
}

void Publisher::check_loaned(uint32_t buffer) const {
  if (buffer < loaned_.size() && loaned_[buffer]) return;
  throw Error("ERR_BABUS_LOAN_CLOSED", slot_->name() + ": buffer " + std::to_string(buffer) +
                                           " is not on loan; it was published or discarded");
}

MessageHeader& Publisher::header(uint32_t buffer) const noexcept {
  return *data_->at<MessageHeader>(uint64_t{buffer} * slot_->geometry().stride);
}

std::byte* Publisher::payload(uint32_t buffer) const noexcept {
  return data_->data() + uint64_t{buffer} * slot_->geometry().stride + kMessageHeaderBytes;
}

}  // namespace babus::core
