#include "sync/ring.hpp"

#include "harness.hpp"
#include "sync/heap_ring.hpp"

namespace {

using babus::sync::Found;
using babus::sync::Ring;
using babus::test::HeapRing;

constexpr uint64_t kMe = Ring::claimed_state(3, 9);
constexpr uint64_t kOther = Ring::claimed_state(4, 9);

}  // namespace

TEST("ring: a new one holds nothing") {
  HeapRing rig(4, 8, 2);
  uint32_t b = 0;
  CHECK_EQUAL(rig.newest(), 0u);
  CHECK_EQUAL(rig.ring.newest_seen(), 0u);
  CHECK(rig.ring.pin(0, 0, 1, b) == Found::kNotYet);
  CHECK(rig.ring.pin(0, 0, 100, b) == Found::kNotYet);
}

TEST("ring: a claimed buffer is shown to nobody before it is committed") {
  HeapRing rig(4, 8, 2);
  CHECK(rig.ring.try_claim(5, kMe));
  uint32_t b = 0;
  CHECK(rig.ring.pin(0, 0, 1, b) == Found::kNotYet);
  rig.contents[5] = 77;
  uint64_t stamped = 0;
  const auto committed = rig.ring.commit(5, [&](uint64_t sequence) { stamped = sequence; });
  CHECK_EQUAL(committed.sequence, 1u);
  CHECK_EQUAL(stamped, 1u);
  CHECK(!committed.pushed_out);
  CHECK_EQUAL(rig.newest(), 1u);
  CHECK_EQUAL(rig.state(5), Ring::published_state(1));
  CHECK(rig.read(0, 1) == 77u);
}

TEST("ring: holds the last `depth` messages, and says which buffer a commit pushed out") {
  HeapRing rig(4, 8, 2);
  for (uint64_t i = 1; i <= 3; ++i)
    CHECK_EQUAL(rig.publish(kMe, 100 + i), i);  // sequence 0 was never published
  for (uint64_t i = 4; i <= 50; ++i) {
    const uint32_t oldest = static_cast<uint32_t>(rig.words[i % 4].load_seq() & 7);
    const uint32_t b = rig.claim_any(kMe);
    rig.contents[b] = 100 + i;
    const auto committed = rig.ring.commit(b, [](uint64_t) {});
    CHECK_EQUAL(committed.sequence, i);
    CHECK(committed.pushed_out == (i == 4 ? std::optional<uint32_t>() : std::optional(oldest)));
    for (uint64_t s = 1; s <= i; ++s)
      CHECK(rig.read(0, s) == (s + 4 > i ? std::optional(100 + s) : std::nullopt));
    uint32_t ignored = 0;
    if (i > 4) CHECK(rig.ring.pin(0, 0, i - 4, ignored) == Found::kGone);
    CHECK(rig.ring.pin(0, 0, i + 1, ignored) == Found::kNotYet);
  }
}

TEST("ring: depth 1 keeps the newest alone") {
  HeapRing rig(1, 3, 1);
  for (uint64_t i = 1; i <= 100; ++i) {
    CHECK_EQUAL(rig.publish(kMe, i), i);
    CHECK(rig.read(0, i) == i);
    CHECK(!rig.read(0, i - 1));
  }
}

TEST("ring: depth 65535 over three laps") {
  HeapRing rig(65'535, 65'540, 1);
  uint32_t b = 0;
  for (uint64_t i = 1; i <= 200'000; ++i) {
    while (!rig.ring.try_claim(b, kMe)) b = (b + 1) % 65'540;
    rig.contents[b] = i;
    CHECK_EQUAL(rig.ring.commit(b, [](uint64_t) {}).sequence, i);
  }
  for (uint64_t i = 1; i <= 200'000; ++i)
    CHECK(rig.read(0, i) == (i + 65'535 > 200'000 ? std::optional(i) : std::nullopt));
}

TEST("ring: the last sequence that fits is published, and nothing after it") {
  // 4097 buffers take 13 bits of a ring word, which leaves 2^51 - 1 laps of one message.
  HeapRing rig(1, 4097, 4);
  const uint64_t last = rig.ring.last_sequence();
  CHECK_EQUAL(last, (uint64_t{1} << 51) - 2);
  rig.head.store_seq(last - 1);
  rig.word_at(last - 2).store_seq(rig.word(last - 2, 0));
  rig.buffers[0].state.store_seq(Ring::published_state(last - 2));
  CHECK_EQUAL(rig.newest(), last - 2);
  CHECK_EQUAL(rig.publish(kMe, 1), last - 1);
  CHECK_EQUAL(rig.publish(kMe, 2), last);
  CHECK_EQUAL(rig.newest(), last);
  CHECK_EQUAL(rig.publish(kMe, 3), 0u);
  CHECK(rig.read(0, last) == 2u);
  CHECK_EQUAL(rig.newest(), last);
}

TEST("ring: sequences end at what a JavaScript number holds, when ring words have room for more") {
  HeapRing rig(65'535, 3, 1);
  CHECK_EQUAL(rig.ring.last_sequence(), babus::sync::kSequenceMax);
}

TEST("ring: a buffer that is claimed, in the ring or pinned cannot be claimed") {
  HeapRing rig(2, 4, 2);
  rig.readers.add(9);
  CHECK(rig.ring.try_claim(0, kMe));
  CHECK(!rig.ring.try_claim(0, kMe));
  CHECK(!rig.ring.try_claim(0, kOther));
  CHECK_EQUAL(rig.ring.commit(0, [](uint64_t) {}).sequence, 1u);
  CHECK(!rig.ring.try_claim(0, kOther));
  uint32_t pinned = 0;
  CHECK(rig.ring.pin(9, 1, 1, pinned) == Found::kMessage);
  CHECK_EQUAL(pinned, 0u);
  CHECK(rig.ring.try_claim(1, kMe) && rig.ring.commit(1, [](uint64_t) {}).sequence == 2);
  CHECK(rig.ring.try_claim(2, kMe) && rig.ring.commit(2, [](uint64_t) {}).sequence == 3);
  CHECK(!rig.ring.try_claim(0, kOther));
  CHECK_EQUAL(rig.state(0), Ring::published_state(1));  // put back as it was
  rig.ring.unpin(9, 1);
  CHECK(rig.ring.try_claim(0, kOther));
}

TEST("ring: a buffer pinned twice is free when both pins are gone") {
  HeapRing rig(1, 3, 2);
  rig.readers.add(0);
  CHECK_EQUAL(rig.publish(kMe, 5), 1u);
  uint32_t b = 0;
  CHECK(rig.ring.pin(0, 0, 1, b) == Found::kMessage);
  CHECK(rig.ring.pin(0, 1, 1, b) == Found::kMessage);
  CHECK_EQUAL(rig.publish(kMe, 6), 2u);
  rig.ring.unpin(0, 0);
  CHECK(!rig.ring.try_claim(b, kMe));
  rig.ring.unpin(0, 1);
  CHECK(rig.ring.try_claim(b, kMe));
}

TEST("ring: a discarded buffer can be claimed again and takes no sequence") {
  HeapRing rig(2, 3, 1);
  CHECK(rig.ring.try_claim(1, kMe));
  rig.ring.discard(1);
  CHECK_EQUAL(rig.state(1), Ring::free_state());
  CHECK(rig.ring.try_claim(1, kOther));
  CHECK_EQUAL(rig.ring.commit(1, [](uint64_t) {}).sequence, 1u);
}

TEST("ring: a message whose publisher stopped halfway is there, and head is helped over it") {
  HeapRing rig(4, 8, 1);
  CHECK_EQUAL(rig.publish(kMe, 10), 1u);
  CHECK_EQUAL(rig.publish_halfway(kMe, 11), 2u);
  CHECK_EQUAL(rig.ring.newest_seen(), 1u);  // does not help
  CHECK(rig.read(0, 2) == 11u);
  bool helped = false;
  CHECK_EQUAL(rig.ring.newest(helped), 2u);
  CHECK(helped);
  helped = false;
  CHECK_EQUAL(rig.ring.newest(helped), 2u);
  CHECK(!helped);
}

TEST("ring: the next publisher helps too, so that there is no hole") {
  HeapRing rig(4, 8, 1);
  CHECK_EQUAL(rig.publish_halfway(kMe, 11), 1u);
  CHECK_EQUAL(rig.publish(kOther, 12), 2u);
  CHECK(rig.read(0, 1) == 11u);
  CHECK(rig.read(0, 2) == 12u);
  CHECK_EQUAL(rig.newest(), 2u);
}

TEST("ring: a word that names no buffer is refused by its reader and does not mislead a publisher") {
  HeapRing rig(2, 5, 1);  // 3 bits: 5, 6 and 7 are no buffers
  CHECK_EQUAL(rig.publish(kMe, 1), 1u);
  rig.word_at(1).store_seq(rig.word(1, 7));
  uint32_t b = 0;
  CHECK(rig.ring.pin(0, 0, 1, b) == Found::kCorrupt);
  CHECK_EQUAL(rig.hazards[0].load_seq(), 0u);
  CHECK_EQUAL(rig.publish(kMe, 2), 2u);
  const uint32_t own = rig.claim_any(kMe);
  const auto committed = rig.ring.commit(own, [](uint64_t) {});
  CHECK_EQUAL(committed.sequence, 3u);
  CHECK(!committed.pushed_out);
}

TEST("ring: control words that cannot be end a commit without a change") {
  const uint64_t words[] = {0, ~uint64_t{0}, uint64_t{1} << 62};
  for (const uint64_t head : words) {
    HeapRing rig(2, 4, 1);
    CHECK(rig.ring.try_claim(0, kMe));
    rig.head.store_seq(head);
    CHECK_EQUAL(rig.ring.commit(0, [](uint64_t) {}).sequence, 0u);
    CHECK_EQUAL(rig.state(0), kMe);
    CHECK_EQUAL(rig.words[0].load_seq() | rig.words[1].load_seq(), 0u);
  }
  HeapRing rig(2, 4, 1);
  CHECK(rig.ring.try_claim(0, kMe));
  rig.word_at(1).store_seq(rig.word(9, 1));  // a lap that head has not reached
  CHECK_EQUAL(rig.ring.commit(0, [](uint64_t) {}).sequence, 0u);
  CHECK_EQUAL(rig.state(0), kMe);
}
