#include "sync/bitmap.hpp"

#include <memory>
#include <thread>
#include <vector>

#include "harness.hpp"

namespace {

using Bits = babus::sync::Bitmap<256>;

std::vector<uint32_t> members(const Bits& bits) {
  std::vector<uint32_t> out;
  bits.each([&](uint32_t bit) {
    out.push_back(bit);
    return true;
  });
  return out;
}

}  // namespace

TEST("bitmap: has exactly what was added and not removed") {
  Bits bits;
  CHECK(!bits.any());
  for (const uint32_t bit : {0u, 63u, 64u, 200u, 255u}) bits.add(bit);
  bits.add(63);
  CHECK(bits.has(0) && bits.has(63) && bits.has(64) && bits.has(255) && !bits.has(1) && !bits.has(199));
  CHECK_EQUAL(bits.count(), 5u);
  CHECK(members(bits) == (std::vector<uint32_t>{0, 63, 64, 200, 255}));
  bits.remove(64);
  bits.remove(64);
  CHECK(members(bits) == (std::vector<uint32_t>{0, 63, 200, 255}));
  bits.clear();
  CHECK(!bits.any());
  CHECK_EQUAL(bits.count(), 0u);
}

TEST("bitmap: a walk ends where its visitor says so") {
  Bits bits;
  for (uint32_t bit = 10; bit < 20; ++bit) bits.add(bit);
  uint32_t seen = 0;
  CHECK(!bits.each([&](uint32_t bit) {
    ++seen;
    return bit != 14;
  }));
  CHECK_EQUAL(seen, 5u);
}

TEST("bitmap: threads that change neighbouring bits do not undo each other") {
  const auto bits = std::make_unique<Bits>();
  std::vector<std::thread> threads;
  for (uint32_t own = 0; own < 4; ++own)
    threads.emplace_back([&, own] {
      for (int i = 0; i < 10'000; ++i) {
        bits->add(own);
        if (!bits->has(own)) return;  // leaves the bit cleared, which is checked below
        bits->remove(own);
      }
      bits->add(own);
    });
  for (auto& thread : threads) thread.join();
  CHECK(members(*bits) == (std::vector<uint32_t>{0, 1, 2, 3}));
}
