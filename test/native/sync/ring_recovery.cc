#include <thread>
#include <vector>

#include "harness.hpp"
#include "sync/heap_ring.hpp"

namespace {

using babus::sync::Found;
using babus::sync::Ring;
using babus::test::HeapRing;

constexpr uint32_t kRow = 3;
constexpr uint64_t kDead = Ring::claimed_state(kRow, 9);

}  // namespace

TEST("ring: recovery frees what the dead row claimed, and nothing of others") {
  HeapRing rig(2, 6, 2);
  const uint64_t other = Ring::claimed_state(4, 9);
  const uint64_t successor = Ring::claimed_state(kRow, 10);  // same row, next participant
  CHECK(rig.ring.try_claim(0, kDead) && rig.ring.try_claim(1, other) && rig.ring.try_claim(2, successor));
  CHECK(rig.ring.try_claim(3, kDead));
  rig.ring.recover(kRow, kDead);
  CHECK_EQUAL(rig.state(0), Ring::free_state());
  CHECK_EQUAL(rig.state(1), other);
  CHECK_EQUAL(rig.state(2), successor);
  CHECK_EQUAL(rig.state(3), Ring::free_state());
}

TEST("ring: recovery publishes what the ring names already, and helps head") {
  HeapRing rig(4, 6, 1);
  for (uint64_t i = 1; i <= 5; ++i) CHECK_EQUAL(rig.publish(kDead, i), i);
  const uint64_t sequence = rig.publish_halfway(kDead, 66);
  CHECK_EQUAL(sequence, 6u);
  const uint32_t b = static_cast<uint32_t>(rig.word_at(6).load_seq() & 7);
  CHECK_EQUAL(rig.state(b), kDead);
  rig.ring.recover(kRow, kDead);
  CHECK_EQUAL(rig.state(b), Ring::published_state(6));
  CHECK_EQUAL(rig.ring.newest_seen(), 6u);
  CHECK(rig.read(0, 6) == 66u);
}

TEST("ring: recovery clears the dead row's pins, and nobody else's") {
  HeapRing rig(1, 5, 3);
  rig.readers.add(kRow);
  rig.readers.add(kRow + 1);
  CHECK_EQUAL(rig.publish(kDead, 1), 1u);
  uint32_t first = 0, second = 0;
  CHECK(rig.ring.pin(kRow, 0, 1, first) == Found::kMessage);
  CHECK(rig.ring.pin(kRow, 2, 1, first) == Found::kMessage);
  CHECK_EQUAL(rig.publish(kDead, 2), 2u);
  CHECK(rig.ring.pin(kRow + 1, 2, 2, second) == Found::kMessage);
  CHECK_EQUAL(rig.publish(kDead, 3), 3u);
  rig.ring.recover(kRow, kDead);
  CHECK(rig.ring.try_claim(first, kDead));
  CHECK(!rig.ring.try_claim(second, kDead));
}

TEST("ring: recovery done twice is as done once, even after others went on") {
  HeapRing rig(2, 6, 1);
  const uint64_t living = Ring::claimed_state(8, 1);
  CHECK(rig.ring.try_claim(0, kDead));
  CHECK_EQUAL(rig.publish_halfway(kDead, 1), 1u);
  rig.ring.recover(kRow, kDead);
  CHECK(rig.ring.try_claim(0, living));
  for (uint64_t i = 2; i < 20; ++i) CHECK_EQUAL(rig.publish(living, i), i);
  std::vector<uint64_t> before;
  for (uint32_t b = 0; b < 6; ++b) before.push_back(rig.state(b));
  rig.ring.recover(kRow, kDead);
  for (uint32_t b = 0; b < 6; ++b) CHECK_EQUAL(rig.state(b), before[b]);
  CHECK_EQUAL(rig.newest(), 19u);
}

TEST("ring: several recoverers beside a publisher lose and double nothing") {
  for (int round = 0; round < 200; ++round) {
    HeapRing rig(4, 12, 1);
    const uint64_t living = Ring::claimed_state(8, 1);
    for (int i = 0; i < 3; ++i) rig.claim_any(kDead);
    const uint64_t halfway = rig.publish_halfway(kDead, 1);
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) threads.emplace_back([&] { rig.ring.recover(kRow, kDead); });
    for (uint64_t i = 0; i < 20; ++i) CHECK_EQUAL(rig.publish(living, 2 + i), halfway + 1 + i);
    for (auto& thread : threads) thread.join();
    uint32_t in_ring = 0;
    for (uint32_t b = 0; b < 12; ++b) {
      CHECK(rig.state(b) != kDead && rig.state(b) != living);
      in_ring += rig.ring.try_claim(b, living) ? 0 : 1;
    }
    CHECK_EQUAL(in_ring, 4u);
  }
}
