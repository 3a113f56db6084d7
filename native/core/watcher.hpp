#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/domain.hpp"
#include "os/poller.hpp"
#include "os/thread.hpp"
#include "sync/atomic.hpp"

namespace babus::core {

// Watches the rows after its own, round the table, up to the eighth that watches others too (or all), and
// recovers them when they die. Each row is so watched by the eight watchers before it, whoever lies between
// that watches nobody; when they die with it, whoever watches them comes to it next. While nothing happens
// its threads sleep without a time limit.
//
// Two threads: no system call waits both for the end of processes and for a futex, which is what tells of
// newcomers without a file that each would have to make.
class Watcher {
 public:
  enum class Reach { kNeighbours, kEverybody };
  // On behalf of the participant in `row`. Throws SystemError when there are no threads or descriptors left.
  Watcher(std::shared_ptr<Domain> domain, uint32_t row, Reach reach = Reach::kNeighbours);
  // Ends its threads. Where the program has closed our descriptors one may sleep for ever; then it is left
  // there, with all it might look at.
  static void finish(std::unique_ptr<Watcher> watcher) noexcept;
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

 private:
  // A watcher that is stopped sees nothing: so many must be stopped at once before a death goes unseen. Each
  // costs a descriptor.
  static constexpr uint32_t kNeighbours = 8;

  // Somebody who lives, as far as we know.
  struct Living {
    uint32_t row = kRows;
    uint64_t generation = 0;
    bool operator==(const Living&) const = default;
  };
  // One of those we watch, and its process held open. Without one its lock is all there is to look at.
  struct Place {
    Living who;
    os::Fd process;
    os::ForkGuard guard{process};
  };
  using Found = std::vector<Living>;

  void watch();
  void listen();
  void stop_counting() noexcept;
  std::optional<uint32_t> look();
  Found find_living(bool& look_again, bool& incomplete);
  void keep_only(const Found& found) noexcept;
  Place& place_for(const Living& who);
  bool hold_open(Place& place);
  bool end() noexcept;

  const std::shared_ptr<Domain> domain_;
  const uint32_t own_row_;
  const uint64_t own_namespace_;
  os::Fd locks_;
  os::ForkGuard locks_guard_{locks_};
  os::Poller poller_;
  const uint32_t reach_;                        // how many that watch are watched
  std::vector<std::unique_ptr<Place>> places_;  // as many as were ever watched at once
  sync::Word32 ending_;
  uint32_t seen_membership_;    // by the listener
  uint32_t incomplete_ms_ = 0;  // how long the watcher waits before it asks about an incomplete row again
  std::optional<os::Thread> watching_;
  std::optional<os::Thread> listening_;
};

}  // namespace babus::core
