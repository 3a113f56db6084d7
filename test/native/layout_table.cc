#include "layout_table.hpp"

#include <cstdio>

#include "core/geometry.hpp"
#include "core/layout.hpp"

namespace babus::test {

#define FIELD(type, field)                                             \
  std::printf("%s %s %zu %zu\n", #type, #field, offsetof(type, field), \
              sizeof(static_cast<type*>(nullptr)->field))
#define WHOLE(type) std::printf("%s - 0 %zu\n", #type, sizeof(type))

namespace {
using namespace core;
using sync::BufferState;

void print_domain() {
  WHOLE(DomainFile);
  FIELD(DomainFile, header);
  FIELD(DomainFile, rows);
  FIELD(DomainFile, directory);
  WHOLE(DomainHeader);
  FIELD(DomainHeader, magic);
  FIELD(DomainHeader, version);
  FIELD(DomainHeader, rows);
  FIELD(DomainHeader, slots);
  FIELD(DomainHeader, reserved);
  FIELD(DomainHeader, created_wall_ns);
  FIELD(DomainHeader, retired);
  FIELD(DomainHeader, slot_generations);
  FIELD(DomainHeader, event_word);
  FIELD(DomainHeader, sleepers);
  FIELD(DomainHeader, membership);
  WHOLE(Row);
  FIELD(Row, state);
  FIELD(Row, pid);
  FIELD(Row, generation);
  FIELD(Row, start_time);
  FIELD(Row, pid_namespace);
  FIELD(Row, sleep_mode);
  FIELD(Row, viewer);
  FIELD(Row, filtered_wakes);
  FIELD(Row, creating);
  FIELD(Row, watches);
  FIELD(Row, own_word);
  FIELD(Row, name);
  FIELD(Row, attached);
  WHOLE(DirectoryEntry);
  FIELD(DirectoryEntry, name_hash);
  FIELD(DirectoryEntry, current);
  FIELD(DirectoryEntry, name);
}

void print_slot() {
  WHOLE(SlotHeader);
  FIELD(SlotHeader, magic);
  FIELD(SlotHeader, version);
  FIELD(SlotHeader, encoding);
  FIELD(SlotHeader, generation);
  FIELD(SlotHeader, layout_hash);
  FIELD(SlotHeader, depth);
  FIELD(SlotHeader, buffers);
  FIELD(SlotHeader, max_readers);
  FIELD(SlotHeader, pins_per_reader);
  FIELD(SlotHeader, max_publishers);
  FIELD(SlotHeader, loans_per_publisher);
  FIELD(SlotHeader, stride);
  FIELD(SlotHeader, max_bytes);
  FIELD(SlotHeader, descriptor_bytes);
  FIELD(SlotHeader, bit);
  FIELD(SlotHeader, name);
  FIELD(SlotHeader, schema_name);
  FIELD(SlotHeader, access);
  FIELD(SlotHeader, gid);
  FIELD(SlotHeader, head);
  FIELD(SlotHeader, corrupt);
  FIELD(SlotHeader, readers);
  FIELD(SlotHeader, publishers);
  WHOLE(BufferState);
  FIELD(BufferState, state);
  FIELD(BufferState, reserved);
  WHOLE(RowCounters);
  FIELD(RowCounters, delivered);
  FIELD(RowCounters, missed);
  FIELD(RowCounters, filtered);
  FIELD(RowCounters, published);
  FIELD(RowCounters, published_bytes);
  FIELD(RowCounters, latency);
  WHOLE(MessageHeader);
  FIELD(MessageHeader, sequence);
  FIELD(MessageHeader, monotonic_ns);
  FIELD(MessageHeader, wall_ns);
  FIELD(MessageHeader, length);
}

// The parts of a control file with the default quotas, depth 8 and a descriptor of 1000 bytes.
void print_example() {
  const Geometry g =
      geometry_of({.name = "a", .schema_name = "A", .descriptor = std::string(1000, 'x'), .max_bytes = 24});
  std::printf("example ring %llu %llu\n", static_cast<unsigned long long>(g.ring), 8ull * g.depth);
  std::printf("example buffer_states %llu %llu\n", static_cast<unsigned long long>(g.states),
              16ull * g.buffers);
  std::printf("example hazards %llu %llu\n", static_cast<unsigned long long>(g.hazards),
              8ull * kRows * g.pins_per_reader);
  std::printf("example descriptor %llu %u\n", static_cast<unsigned long long>(g.descriptor),
              g.descriptor_bytes);
  std::printf("example counters %llu %llu\n", static_cast<unsigned long long>(g.counters),
              static_cast<unsigned long long>(kRows * sizeof(RowCounters)));
  std::printf("example - 0 %llu\n", static_cast<unsigned long long>(g.control_bytes));
}

}  // namespace

int print_layout() {
  print_domain();
  print_slot();
  print_example();
  return 0;
}

}  // namespace babus::test
