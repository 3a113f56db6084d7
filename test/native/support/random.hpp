#pragma once
#include <cstdint>

namespace babus::test {

// A number that looks random, the same for the same `value` (the finisher of splitmix64).
constexpr uint64_t mixed(uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

// A row of such numbers; the same seed gives the same row.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(mixed(seed)) {}
  uint64_t next() { return mixed(state_++); }
  uint64_t below(uint64_t limit) { return next() % limit; }
  bool one_in(uint64_t count) { return below(count) == 0; }

 private:
  uint64_t state_;
};

}  // namespace babus::test
