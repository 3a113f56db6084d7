#pragma once
#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "os/fd.hpp"
#include "os/fifo.hpp"

namespace babus::core {

class Domain;
class Participant;

// A doorbell is a FIFO in the domain's folder, which an event loop can poll. The file is named after row and
// generation of its owner, so a bell is never mistaken for one of the row's next owner.

// True for names of doorbells, as far as removing them goes.
bool is_bell(std::string_view file);

// For a bell that was made before its domain was opened to a group: its members must be able to ring it.
void open_bell_to_group(const Domain& domain, const std::string& name);

// The file of a row's owner, if it sleeps by a doorbell. Left there, until the domain is removed, by those
// who may not remove it.
void remove_bell(const Domain& domain, uint32_t row);

// False for viewers, whose domain may be removed under them and another made in its folder, and for members
// of a group that a domain is open to: they may make no files there.
bool may_have_doorbell(const Participant& participant);

// The end that the sleeper listens to. Removes the file when it goes.
class Doorbell {
 public:
  Doorbell() noexcept = default;
  ~Doorbell();
  Doorbell(const Doorbell&) = delete;
  Doorbell& operator=(const Doorbell&) = delete;

  // Makes the file. Throws ERR_BABUS_ARGUMENT when may_have_doorbell() is false.
  void open(const Participant& participant);
  const os::Fifo& fifo() const noexcept { return fifo_; }

 private:
  const Domain* domain_ = nullptr;
  uint32_t row_ = 0;
  os::Fifo fifo_;
};

// The ends that one opening of a domain rings: opened at the first ring and kept, as few as the table holds.
// Any thread may ring.
class Bells {
 public:
  // For the bells in `folder`. Sets a descriptor aside, so that a process that has used up all of its own can
  // still wake others.
  void prepare(const std::string& folder);

  // `edition` tells apart the bells that one owner made one after the other. Never blocks, never throws: a
  // bell that is not there belongs to nobody any more.
  void ring(uint32_t row, uint64_t generation, uint32_t edition) noexcept;

 private:
  struct Bell {
    uint32_t row = 0;
    uint32_t edition = 0;
    uint64_t generation = 0;
    os::Fifo fifo;
  };

  Bell& place_for(uint32_t row) noexcept;
  os::Fifo open(const char* name) noexcept;

  std::mutex mutex_;
  std::array<Bell, 32> bells_;
  uint32_t next_ = 0;  // to go when all places are taken
  std::string folder_;
  os::SpareFd spare_;
};

}  // namespace babus::core
