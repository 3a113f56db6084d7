#pragma once
#include <memory>
#include <optional>

#include "harness.hpp"
#include "sync/ring.hpp"

namespace babus::test {

// A ring on the heap, where thread sanitizers see every access. What a message says lies in contents, plain
// memory as a payload is.
struct HeapRing {
  HeapRing(uint32_t depth, uint32_t buffer_count, uint32_t pins_per_row)
      : words(new sync::Word64[depth]),
        buffers(new sync::BufferState[buffer_count]),
        hazards(new sync::Word64[uint64_t{sync::kRows} * pins_per_row]),
        contents(new uint64_t[buffer_count]{}),
        ring(
            {&head, words.get(), buffers.get(), hazards.get(), &readers, depth, buffer_count, pins_per_row}) {
    head.store_seq(1);
    while ((uint64_t{1} << buffer_bits) < buffer_count) ++buffer_bits;
  }

  // As a commit writes it.
  uint64_t word(uint64_t sequence, uint32_t buffer) const {
    return ((sequence / ring.depth() + 1) << buffer_bits) | buffer;
  }
  sync::Word64& word_at(uint64_t sequence) { return words[sequence % ring.depth()]; }
  uint64_t state(uint32_t buffer) const { return buffers[buffer].state.load_seq(); }

  uint32_t claim_any(uint64_t owner) {
    for (uint32_t b = 0; b < ring.buffer_count(); ++b)
      if (ring.try_claim(b, owner)) return b;
    throw Failure("no buffer can be claimed");
  }

  // Claims, fills and commits; returns the sequence.
  uint64_t publish(uint64_t owner, uint64_t content) {
    const uint32_t b = claim_any(owner);
    contents[b] = content;
    return ring.commit(b, [](uint64_t) {}).sequence;
  }

  // Does the first half of a commit, as a publisher that is killed right after the moment of publication.
  uint64_t publish_halfway(uint64_t owner, uint64_t content) {
    const uint32_t b = claim_any(owner);
    contents[b] = content;
    const uint64_t sequence = head.load_seq();
    word_at(sequence).store_seq(word(sequence, b));
    return sequence;
  }

  // What a reader sees; empty when the message is not there.
  std::optional<uint64_t> read(uint32_t row, uint64_t sequence) {
    uint32_t b = 0;
    if (ring.pin(row, 0, sequence, b) != sync::Found::kMessage) return std::nullopt;
    const uint64_t content = contents[b];
    ring.unpin(row, 0);
    return content;
  }

  uint64_t newest() {
    bool helped = false;
    return ring.newest(helped);
  }

  sync::Word64 head;
  std::unique_ptr<sync::Word64[]> words;
  std::unique_ptr<sync::BufferState[]> buffers;
  std::unique_ptr<sync::Word64[]> hazards;
  sync::RowSet readers;
  std::unique_ptr<uint64_t[]> contents;
  sync::Ring ring;
  uint32_t buffer_bits = 0;
};

}  // namespace babus::test
