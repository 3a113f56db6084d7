#pragma once
#include <atomic>
#include <cstdint>
#include <string>

#include "steps/board.hpp"

// The processes of the storm. Each lives through many participants until it is killed.
namespace babus::test::storm {

constexpr uint32_t kSlotCount = 4;
constexpr uint32_t kSeats = 16;

enum class Kind : uint32_t { kPublisher, kReader, kSleeper, kHolder, kComer };
constexpr uint32_t kKinds = 5;
constexpr Kind kind_of(uint32_t seat) { return static_cast<Kind>(seat % kKinds); }
constexpr uint32_t slot_of(uint32_t seat) { return seat / kKinds % kSlotCount; }

// What the process on one seat tells the others.
struct Seat {
  std::atomic<uint64_t> position;  // the last message it took or counted as missed
  std::atomic<uint32_t> parked;    // 1: it holds nothing but what it holds for ever, and waits
};

struct Sky {
  Board board;
  std::atomic<uint64_t> writers;  // names given to writers so far
  std::atomic<uint64_t> published, taken, missed, joined;
  std::atomic<uint64_t> steps[static_cast<uint32_t>(sync::Step::kCount)];
  Seat seats[kSeats];
};

core::SlotConfig slot_config(uint32_t slot);

// Plays until all are told to stop.
void play(Sky& sky, uint32_t seat, uint64_t seed);

}  // namespace babus::test::storm
