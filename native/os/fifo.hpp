#pragma once
#include <cstdint>
#include <string>

#include "os/fd.hpp"

namespace babus::os {

// Both ends of a FIFO in one descriptor, which never blocks. Whoever holds one of these is a reader too, so a
// write raises no SIGPIPE even when everybody else is gone, and a poll sees no hang-up when the last writer
// closes.
//
// A program may close descriptors that it does not know, and its next file gets their numbers. So each use
// looks first whether the descriptor is still the FIFO.
class Fifo {
 public:
  Fifo() noexcept = default;
  ~Fifo() { close(); }
  Fifo(Fifo&&) noexcept = default;
  Fifo& operator=(Fifo&& other) noexcept;

  // Makes a FIFO that only its owner may open; or, when `like` can be written by its group, that group too.
  // One of that name is replaced. Throws SystemError.
  static Fifo make(const Fd& folder, const std::string& name, const Fd& like);
  // Gives one of ours the rights it would have if it were made now. Throws SystemError.
  static void give_rights(const Fd& folder, const std::string& name, const Fd& like);

  // Opens a FIFO that belongs to the owner of its folder, never through a symbolic link. Empty when there is
  // no such FIFO, or it is something else or somebody else's; `no_descriptors` says that none was free.
  static Fifo open(const char* folder, const char* name, bool& no_descriptors) noexcept;

  explicit operator bool() const noexcept { return static_cast<bool>(fd_); }
  int get() const noexcept { return fd_.get(); }
  // False when somebody else closed the descriptor.
  bool is_sound() const noexcept;
  void close() noexcept;

  // One byte; a FIFO that is full has been written to already, and nobody has read it yet. False when it is
  // not sound.
  bool write_byte() const noexcept;
  // Reads what is there.
  void drain() const noexcept;

 private:
  Fd fd_;
  uint64_t device_ = 0;
  uint64_t inode_ = 0;
};

// Waits until the descriptor can be read, until a signal, or until the deadline (monotonic ns). False when
// the deadline was over.
bool wait_readable(int fd, uint64_t deadline_ns) noexcept;

// A descriptor set aside, to be given up when none is left for something that must be opened.
class SpareFd {
 public:
  ~SpareFd() { drop(); }
  // Holds the folder open. False when that cannot be.
  bool take(const char* folder) noexcept;
  // False when there was none.
  bool drop() noexcept;
  bool is_taken() const noexcept { return static_cast<bool>(fd_); }

 private:
  Fd fd_;
  uint64_t inode_ = 0;
};

}  // namespace babus::os
