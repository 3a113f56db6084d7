#include "core/inspection.hpp"

#include <optional>

#include "core/control.hpp"
#include "core/error.hpp"
#include "core/names.hpp"
#include "os/error.hpp"

namespace babus::core {
namespace {

std::vector<std::string> names_of(const Domain& domain, const sync::RowSet& rows) {
  std::vector<std::string> names;
  rows.each([&](uint32_t row) {
    names.push_back(read_name(domain.row(row).name, kNameBytes));
    return true;
  });
  return names;
}

// Only rows that are attached: the counters of others may have no memory behind them.
void add_counters(const Control& control, const sync::RowSet& rows, bool readers, SlotInspection& out) {
  rows.each([&](uint32_t row) {
    const RowCounters& c = control.counters(row);
    if (!readers) {
      out.published_bytes += c.published_bytes.load_relaxed();
      return true;
    }
    out.delivered += c.delivered.load_relaxed();
    out.missed += c.missed.load_relaxed();
    out.filtered += c.filtered.load_relaxed();
    for (uint32_t bucket = 0; bucket < sync::Histogram::kBuckets; ++bucket)
      out.latency[bucket] += c.latency.at(bucket);
    return true;
  });
}

SlotInspection inspect_slot(const Domain& domain, uint32_t index) {
  const Control control(domain, index, os::Access::kRead);
  const SlotHeader& header = control.header();
  SlotInspection out;
  out.name = control.config().name;
  out.schema_name = control.config().schema_name;
  out.depth = control.config().depth;
  out.max_bytes = control.config().max_bytes;
  out.newest = control.ring().newest_seen();
  out.bit = control.bit();
  out.publishers = names_of(domain, header.publishers);
  out.subscribers = names_of(domain, header.readers);
  out.latency.resize(sync::Histogram::kBuckets);
  add_counters(control, header.publishers, false, out);
  add_counters(control, header.readers, true, out);
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
    const uint32_t state = domain->entry(index).state.load_acquire();  // PAIR directory
    if (state != static_cast<uint32_t>(EntryState::kReady)) continue;
    if (auto slot = try_inspect_slot(*domain, index)) out.slots.push_back(std::move(*slot));
  }
  for (uint32_t index = 0; index < kRows; ++index) {
    if (!domain->is_taken(index)) continue;
    const Row& row = domain->row(index);
    out.participants.push_back(
        {index, row.pid, read_name(row.name, kNameBytes), !domain->is_dead(index), row.viewer != 0});
  }
  return out;
}

}  // namespace babus::core
