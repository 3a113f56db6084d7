#pragma once
#include <atomic>
#include <cstdint>
#include <string>

namespace babus::os {

// While it lives, the process's handlers of SIGSEGV and SIGBUS know this range of addresses, which a file is
// mapped to. The first one installs the handlers; what they are not concerned with goes to those before.
//
// A write to a range that is mapped read-only is said on stderr, and then is what it was before: it ends the
// process. A page that is gone (the file was cut short, or its memory never was there and the file system
// is full) is replaced with zeros, and the range is damaged from then on.
class FaultGuard {
 public:
  // `protection` as for mmap(); `stray_write` says who wrote to what when somebody writes although it is
  // read-only.
  FaultGuard(const void* begin, uint64_t bytes, int protection, const std::string& stray_write);
  // Before the range is unmapped: its addresses may be another mapping's at once.
  ~FaultGuard();
  FaultGuard(const FaultGuard&) = delete;
  FaultGuard& operator=(const FaultGuard&) = delete;

  // True once a page was replaced. Stays so: what is read there is not what was written. The thread whose
  // fault it was knows at once, by its own order of instructions; another one may read zeros first, and know
  // at its next look.
  bool is_damaged() const noexcept { return damaged_.load(std::memory_order_relaxed); }

  // For the handlers alone, on whatever thread the fault was.
  bool is_writable() const noexcept;
  void report_stray_write(uintptr_t address) const noexcept;
  bool replace_page(uintptr_t address) noexcept;

 private:
  const uintptr_t end_;
  const int protection_;
  const std::string stray_write_;
  std::atomic<bool> damaged_{false};
  std::atomic<uint32_t> replaced_{0};
};

}  // namespace babus::os
