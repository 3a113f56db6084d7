#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/layout.hpp"
#include "steps/board.hpp"
#include "steps/checks.hpp"
#include "support/child.hpp"

namespace babus::test {

// Two publishers and two readers of one slot, each a process that goes on while victims come and go beside
// them. One reader keeps up: publishers wait for it, so it must miss nothing. The other holds what it pinned,
// and may be overtaken. The process that owns this joins nothing and has one thread, so that it may fork.
class World {
 public:
  // `mode`: how the reader that keeps up sleeps.
  explicit World(core::SleepMode mode);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Board& board() const noexcept { return board_; }

  // Waits until each publisher has published, and each reader has covered, `messages` more.
  void progress(uint64_t messages, const std::string& meanwhile) const;
  // Waits until nobody holds anything and nothing is left to take.
  void pause(const std::string& meanwhile) const;
  void resume() const;
  // Waits until the reader that keeps up has the newest message; for when nobody publishes.
  void await_keeper(const std::string& meanwhile) const;
  // To be called while paused: whatever the dead held has been given back, and nothing is left of them.
  void check_clean() const;
  // Throws when one of the four has ended.
  void check_alive() const;
  // Lets everybody leave; throws when one of them failed.
  void stop();

 private:
  Board& board_;
  std::vector<Child> children_;
};

}  // namespace babus::test
