#include "core/geometry.hpp"

#include "core/layout.hpp"
#include "harness.hpp"
#include "os/mapping.hpp"
#include "support/slots.hpp"

using namespace babus::core;
using babus::os::page_bytes;
using babus::test::config;

TEST("geometry: a buffer for each message of the ring, each pin and each loan") {
  const Geometry g = geometry_of(config());
  CHECK_EQUAL(g.buffers, 4u + 3 * 2 + 3 * 2);
}

TEST("geometry: buffers are a multiple of 64 bytes apart below a page, of a page above") {
  SlotConfig c = config();
  const auto stride = [&](uint64_t max_bytes) {
    c.max_bytes = max_bytes;
    return geometry_of(c).stride;
  };
  CHECK_EQUAL(stride(1), 128u);
  CHECK_EQUAL(stride(64), 128u);
  CHECK_EQUAL(stride(65), 192u);
  const uint64_t page = page_bytes();
  CHECK_EQUAL(stride(page - 64), page);
  CHECK_EQUAL(stride(page - 63), 2 * page);
  CHECK_EQUAL(stride(6'220'800), (6'220'864 + page - 1) / page * page);
}

TEST("geometry: parts follow each other, each where its type may lie") {
  for (const uint32_t depth : {1u, 8u, 65'535u})
    for (const size_t descriptor : {size_t{0}, size_t{1}, size_t{65'536}}) {
      SlotConfig c = config();
      c.depth = depth;
      c.descriptor.assign(descriptor, 'x');
      const Geometry g = geometry_of(c);
      CHECK_EQUAL(g.ring, sizeof(SlotHeader));
      CHECK(g.states >= g.ring + 8ull * depth && g.states % 64 == 0);
      CHECK(g.hazards >= g.states + 16ull * g.buffers && g.hazards % 64 == 0);
      CHECK_EQUAL(g.descriptor, g.hazards + 8ull * kRows * c.pins_per_reader);
      CHECK(g.counters >= g.descriptor + descriptor && g.counters % page_bytes() == 0);
      CHECK_EQUAL(g.control_bytes, g.counters + kRows * sizeof(RowCounters));
    }
}

TEST("geometry: no buffer straddles two ArrayBuffers") {
  SlotConfig c = config();
  CHECK_EQUAL(geometry_of(c).buffers_per_chunk(), geometry_of(c).buffers);
  c.max_bytes = 1'500'000'000;
  CHECK_EQUAL(geometry_of(c).buffers_per_chunk(), 2u);
  c.max_bytes = kChunkBytesMax - page_bytes() - kMessageHeaderBytes;
  const Geometry g = geometry_of(c);
  CHECK_EQUAL(g.buffers_per_chunk(), 1u);
  CHECK(g.stride <= kChunkBytesMax);
}

TEST("geometry: each limit is held, and named when it is not") {
  struct Case {
    const char* what;
    void (*set)(SlotConfig&);
  };
  const Case cases[] = {
      {"depth is 0", [](SlotConfig& c) { c.depth = 0; }},
      {"depth is 65536", [](SlotConfig& c) { c.depth = 65'536; }},
      {"max_bytes is 0", [](SlotConfig& c) { c.max_bytes = 0; }},
      {"max_bytes is 4294967295", [](SlotConfig& c) { c.max_bytes = kChunkBytesMax; }},
      {"max_bytes is 18446744073709551615", [](SlotConfig& c) { c.max_bytes = ~uint64_t{0}; }},
      {"max_readers is 0", [](SlotConfig& c) { c.max_readers = 0; }},
      {"max_readers is 257", [](SlotConfig& c) { c.max_readers = 257; }},
      {"pins_per_reader is 0", [](SlotConfig& c) { c.pins_per_reader = 0; }},
      {"pins_per_reader is 1025", [](SlotConfig& c) { c.pins_per_reader = 1025; }},
      {"max_publishers is 0", [](SlotConfig& c) { c.max_publishers = 0; }},
      {"max_publishers is 257", [](SlotConfig& c) { c.max_publishers = 257; }},
      {"loans_per_publisher is 0", [](SlotConfig& c) { c.loans_per_publisher = 0; }},
      {"loans_per_publisher is 4294967295", [](SlotConfig& c) { c.loans_per_publisher = ~0u; }},
      {"the descriptor's length is 65537", [](SlotConfig& c) { c.descriptor.assign(65'537, 'x'); }},
      {"depth and quotas times max_bytes is",
       [](SlotConfig& c) { c.depth = 65'535, c.max_bytes = 1u << 30; }},
  };
  for (const Case& each : cases) {
    SlotConfig c = config();
    each.set(c);
    CHECK_THROWS(geometry_of(c), "ERR_BABUS_ARGUMENT", "slot a/b", each.what, "it must be");
  }
}

TEST("geometry: the largest quotas and depth fit") {
  SlotConfig c = config();
  c.depth = 65'535;
  c.max_readers = c.max_publishers = 256;
  c.pins_per_reader = c.loans_per_publisher = 1024;
  CHECK_EQUAL(geometry_of(c).buffers, 65'535u + 2 * 256 * 1024);
}
