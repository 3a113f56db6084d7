#include "core/inspection.hpp"

#include <optional>

#include "core/control.hpp"
#include "core/error.hpp"
#include "core/names.hpp"
#include "os/error.hpp"

namespace babus::core {
namespace {

// Only rows that are attached: the counters of others may have no memory behind them.
void add_publishers(const Domain& domain, uint32_t index, const Control& control, SlotInspection& out) {
  each_attached(domain, index, control.header().publishers, [&](uint32_t row) {
    out.publishers.push_back(read_name(domain.row(row).name, kNameBytes));
    out.published_bytes += control.counters(row).published_bytes.load_relaxed();
  });
}

// One look at the bitmap: names and counts are of the same rows.
void add_readers(const Domain& domain, uint32_t index, const Control& control, SlotInspection& out) {
  each_attached(domain, index, control.header().readers, [&](uint32_t row) {
    const RowCounters& c = control.counters(row);
    const ReaderInspection reader{row, read_name(domain.row(row).name, kNameBytes),
                                  c.delivered.load_relaxed(), c.missed.load_relaxed(),
                                  c.filtered.load_relaxed()};
    out.delivered += reader.delivered;
    out.missed += reader.missed;
    out.filtered += reader.filtered;
    for (uint32_t bucket = 0; bucket < sync::Histogram::kBuckets; ++bucket)
      out.latency[bucket] += c.latency.at(bucket);
    out.subscribers.push_back(reader.name);
    out.readers.push_back(reader);
  });
}

SlotInspection inspect_slot(const Domain& domain, uint32_t index) {
  const Control control(domain, index, os::Access::kRead);
  SlotInspection out;
  out.name = control.config().name;
  out.schema_name = control.config().schema_name;
  out.depth = control.config().depth;
  out.max_bytes = control.config().max_bytes;
  out.newest = control.ring().newest_seen();
  out.bit = control.bit();
  out.latency.resize(sync::Histogram::kBuckets);
  add_publishers(domain, index, control, out);
  add_readers(domain, index, control, out);
  return out;
}

std::optional<SlotInspection> try_inspect_slot(const Domain& domain, uint32_t index) {
  try {
    return inspect_slot(domain, index);
  } catch (const Error&) {
    return std::nullopt;  // damaged: whoever attaches is told how
  } catch (const os::SystemError&) {
    return std::nullopt;  // removed while we looked
  }
}

}  // namespace

DomainInspection inspect(const std::string& root, const std::string& name) {
  const auto domain = Domain::open(root, name, Domain::Mode::kInspect);
  DomainInspection out;
  for (uint32_t index = 0; index < kSlots; ++index) {
    if (current_of(domain->entry(index)).generation == 0) continue;
    if (auto slot = try_inspect_slot(*domain, index)) out.slots.push_back(std::move(*slot));
  }
  for (uint32_t index = 0; index < kRows; ++index) {
    if (!domain->is_taken(index)) continue;
    const Row& row = domain->row(index);
    out.participants.push_back({index, row.pid, read_name(row.name, kNameBytes), !domain->is_dead(index),
                                row.viewer != 0, static_cast<SleepMode>(row.sleep_mode.load_relaxed()),
                                row.filtered_wakes.load_relaxed()});
  }
  return out;
}

}  // namespace babus::core
