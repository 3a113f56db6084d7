#include "core/doorbell.hpp"

#include <algorithm>
#include <cstdio>

#include "core/error.hpp"
#include "core/participant.hpp"
#include "os/error.hpp"
#include "os/file.hpp"

namespace babus::core {
namespace {

constexpr std::string_view kPrefix = "bell.";

// Without memory from the heap: rung at every publish.
struct BellName {
  char text[40];
  BellName(uint32_t row, uint64_t generation) noexcept {
    std::snprintf(text, sizeof text, "bell.%u.%llu", row, static_cast<unsigned long long>(generation));
  }
};

}  // namespace

bool is_bell(std::string_view file) {
  if (!file.starts_with(kPrefix)) return false;
  file.remove_prefix(kPrefix.size());
  return !file.empty() &&
         std::all_of(file.begin(), file.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

void remove_bell(const Domain& domain, uint32_t index) {
  const Row& row = domain.row(index);
  if (domain.looks_on() || row.sleep_mode.load_acquire() != static_cast<uint32_t>(SleepMode::kDoorbell))
    return;
  try {
    os::remove_file(domain.folder(), BellName(index, row.generation.load_acquire()).text);
  } catch (const os::SystemError&) {
    return;  // a member of the domain's group may not
  }
}

void open_bell_to_group(const Domain& domain, const std::string& name) {
  try {
    os::Fifo::give_rights(domain.folder(), name, domain.file());
  } catch (const os::SystemError& error) {
    if (!error.is_missing()) throw;  // its owner has left meanwhile
  }
}

bool may_have_doorbell(const Participant& participant) {
  const Domain& domain = participant.domain();
  return !domain.looks_on() && domain.is_own();
}

void Doorbell::open(const Participant& participant) {
  const Domain& domain = participant.domain();
  if (!may_have_doorbell(participant))
    throw Error("ERR_BABUS_ARGUMENT",
                "no doorbell for this participant: it would be a file in " + domain.path() +
                    (domain.looks_on() ? ", where viewers make none" : ", where only its owner makes files") +
                    "; sleep on a word instead");
  domain_ = &domain;
  row_ = participant.row();
  fifo_ = os::Fifo::make(domain.folder(), BellName(row_, participant.generation()).text, domain.file());
}

Doorbell::~Doorbell() {
  if (fifo_ && !domain_->is_inherited()) remove_bell(*domain_, row_);
}

void Bells::prepare(const std::string& folder) {
  folder_ = folder;
  spare_.take(folder_.c_str());
}

void Bells::ring(uint32_t row, uint64_t generation, uint32_t edition) noexcept {
  const std::lock_guard<std::mutex> hold(mutex_);
  Bell& bell = place_for(row);
  const bool known = bell.row == row && bell.generation == generation && bell.edition == edition;
  if (known && bell.fifo.write_byte()) return;
  bell.fifo.close();
  bell.fifo = open(BellName(row, generation).text);
  bell.row = row;
  bell.generation = generation;
  bell.edition = edition;
  bell.fifo.write_byte();
  if (spare_.is_taken()) return;
  // The last descriptor there was went into this bell; keep it for the next.
  bell.fifo.close();
  spare_.take(folder_.c_str());
}

// The row's own place, else an empty one, else one whose turn it is.
Bells::Bell& Bells::place_for(uint32_t row) noexcept {
  Bell* empty = nullptr;
  for (Bell& bell : bells_) {
    if (bell.fifo && bell.row == row) return bell;
    if (!bell.fifo && empty == nullptr) empty = &bell;
  }
  if (empty != nullptr) return *empty;
  next_ = (next_ + 1) % static_cast<uint32_t>(bells_.size());
  return bells_[next_];
}

// By its path: the folder's own descriptor may have been closed by a program that does not know it.
os::Fifo Bells::open(const char* name) noexcept {
  bool no_descriptors = false;
  os::Fifo fifo = os::Fifo::open(folder_.c_str(), name, no_descriptors);
  if (no_descriptors && spare_.drop()) fifo = os::Fifo::open(folder_.c_str(), name, no_descriptors);
  return fifo;
}

}  // namespace babus::core
