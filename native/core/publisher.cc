#include "core/publisher.hpp"

#include <algorithm>
#include <cstring>

#include "core/error.hpp"
#include "core/participant.hpp"
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

void check_size(const Slot& slot, const os::Fd& file) {
  if (os::file_size(file, slot.name()) != slot.geometry().data_bytes)
    throw Error("ERR_BABUS_SLOT_CORRUPT",
                "slot " + slot.name() + ": " + slot.control().data_file() + " was truncated");
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
      reserved_pages_(slot_->geometry().reserved_whole() ? 0 : slot_->geometry().buffers) {
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
    buffer = claim();
  } catch (...) {
    slot_->give_loan();
    throw;
  }
  loaned_[buffer] = true;
  try {
    reserve(buffer, fixed_bytes);
  } catch (...) {
    discard(buffer);
    throw;
  }
  sync::reached(sync::Step::kFillReserved);
  std::memset(payload(buffer), 0, fixed_bytes);
  sync::reached(sync::Step::kFillZeroed);
  return buffer;
}

uint32_t Publisher::claim() {
  uint32_t buffer = 0;
  if (claim_known(buffer) || claim_any(buffer)) return buffer;
  slot_->participant().recover_the_dead();
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

void Publisher::remember(uint32_t buffer) noexcept {
  if (known_count_ < known_.size()) known_[known_count_++] = buffer;
}

void Publisher::reserve(uint32_t buffer, uint64_t bytes) {
  check_loaned(buffer);
  const Geometry& g = slot_->geometry();
  if (bytes > g.max_bytes)
    throw Error("ERR_BABUS_MESSAGE_TOO_LONG", slot_->name() + ": " + std::to_string(bytes) +
                                                  " bytes needed, " + std::to_string(g.max_bytes) +
                                                  " are the most; raise slots." + slot_->name() +
                                                  ".max_bytes");
  if (g.reserved_whole()) return;
  const uint64_t needed = kMessageHeaderBytes + bytes;
  const auto pages = static_cast<uint32_t>((needed + os::page_bytes() - 1) / os::page_bytes());
  if (reserved_pages_[buffer] >= pages) return;
  check_size(*slot_, file_);  // or the file would be made longer again, with nothing in it
  if (!os::reserve(file_, uint64_t{buffer} * g.stride, pages * os::page_bytes(), slot_->name()))
    check_size(*slot_, file_);
  reserved_pages_[buffer] = pages;
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

void Publisher::refuse_commit() const {
  slot_->check_sound(data_.get());
  const uint64_t last = slot_->ring().last_sequence();
  if (slot_->newest_seen() >= last)
    throw Error("ERR_BABUS_SLOT_FULL", "slot " + slot_->name() + ": message " + std::to_string(last) +
                                           " was the last that it has numbers for; stop what uses domain '" +
                                           slot_->participant().domain().name() + "' and start it again");
  throw Error("ERR_BABUS_SLOT_CORRUPT", "slot " + slot_->name() + ": its ring holds values that cannot be");
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
