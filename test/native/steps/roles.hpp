#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "steps/board.hpp"
#include "support/steps.hpp"

namespace babus::test {

// What a victim is to do, and where it gets its signal.
struct Part {
  Board& board;
  uint64_t writer;  // its own, among the board's
  sync::Step step;
  uint32_t nth;
  int signal;

  void arm() const { signal_at(step, nth, signal); }
  bool over() const { return board.finished >= writer; }
  // Of slots that are its alone: others can tell the name.
  std::string own_slot() const { return "made" + std::to_string(writer); }
};

// A role plays its part until it is over, or until the signal ends it.
struct Role {
  const char* name;
  void (*play)(const Part&);
  // The steps it comes to, over and over: whole names, or what stands before the dot.
  std::vector<std::string_view> reaches;
  bool needs_corpses = false;  // comes to them only when somebody died
  // Steps that it comes to only while others publish and read.
  std::vector<std::string_view> needs_others = {};
};

const std::vector<Role>& roles();

// The steps of the list that the role reaches, beside others or when it is alone.
std::vector<sync::Step> steps_of(const Role& role, bool alone = false);

// Holds pins, loans, a sleeper's bits and a message that is only just published, and is killed.
void die_holding_everything(Board& board, uint64_t writer);

}  // namespace babus::test
