#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/doorbell.hpp"
#include "core/participant.hpp"
#include "sync/atomic.hpp"

namespace babus::core {

// Sleeps until one of the watched slots has something newer than its reader took. One thread sleeps, on its
// participant's row; cancel() may be called from any other. A participant has one sleeper at a time.
//
// All modes keep the same promises. The event word wakes any number of sleepers by one system call of the
// publisher. The own word wakes nobody else, and can be waited for by a thread alone, too. The doorbell is a
// descriptor, for event loops.
class Sleeper {
 public:
  // A slot and the last sequence its reader knows of.
  struct Watch {
    std::shared_ptr<Slot> slot;
    uint64_t seen = 0;
  };

  enum class Woken {
    kNews,
    kCancelled,
    kRetired,  // the domain was removed: told once. Happens to viewers alone
    kTimeout
  };

  // Throws ERR_BABUS_ARGUMENT for a doorbell that this participant cannot have.
  explicit Sleeper(Participant& participant, SleepMode mode = SleepMode::kEventWord);
  ~Sleeper();
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;

  // Until there is news, a cancel, or the deadline (monotonic ns) is over. With nothing to watch there is
  // still cancel() to wait for.
  Woken sleep(const std::vector<Watch>& watches, std::optional<uint64_t> deadline_ns = std::nullopt);

  // Something newer than what its reader knows of. A slot that is damaged has news too: its reader must come
  // and be told.
  static bool has_news(const std::vector<Watch>& watches) noexcept;
  static bool is_news(const Watch& watch) noexcept;

  // What sleep() would return at once; nothing means that it would sleep. Tells nobody that anyone waits.
  std::optional<Woken> peek(const std::vector<Watch>& watches) noexcept;

  // Makes the present sleep(), or the next, return kCancelled.
  void cancel();

  // The same in steps, for an event loop that polls fd(), which is there with a doorbell alone. prepare():
  // nothing means that fd() will become readable when there is something. look() whenever it did: nothing
  // means go on polling. What both return ends the sleep; finish() ends it without a reason, and does nothing
  // outside one. All from one thread, with the same watches.
  int fd() const noexcept { return bell_.fifo().get(); }
  std::optional<Woken> prepare(const std::vector<Watch>& watches);
  std::optional<Woken> look(const std::vector<Watch>& watches);
  void finish() noexcept;

  // How often sleep() came upon something although nobody had woken it: never, unless a file was damaged.
  uint64_t unwoken() const noexcept { return unwoken_; }

 private:
  bool is_over(const std::vector<Watch>& watches) const noexcept;
  Woken reason(const std::vector<Watch>& watches) noexcept;
  void announce(const std::vector<Watch>& watches) noexcept;
  void count_filtered(const std::vector<Watch>& watches) noexcept;
  bool wait(const void* word, uint32_t expected, uint64_t deadline_ns) noexcept;

  Domain& domain_;
  uint32_t row_;
  SleepMode mode_;
  Doorbell bell_;
  uint32_t announced_ = 0;  // bits
  uint64_t unwoken_ = 0;
  bool told_retired_ = false;
  sync::Word32 cancelled_{};
};

}  // namespace babus::core
