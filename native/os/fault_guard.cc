#include "os/fault_guard.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "os/error.hpp"
#include "os/fault_table.hpp"

namespace babus::os {
namespace {

// So many pages of a range are replaced one by one, so that what is still there stays; then all that follow
// at once, because the kernel does not split a process's memory into more than some 65,000 pieces.
constexpr uint32_t kPagesOneByOne = 1024;

// Never destroyed: faults may come, and guards may go, until the very end.
FaultTable& table() {
  static auto* const all = new FaultTable;
  return *all;
}

// Set before the handlers are installed, and read by them: a function's static would be locked.
FaultTable* known = nullptr;
uintptr_t page = 0;
struct sigaction segv_before;
struct sigaction bus_before;

// What would have happened without us. A hardware fault happens again when its handler returns, then without
// any; a signal that somebody sent must be sent again.
void pass_on(const struct sigaction& before, int number, siginfo_t* info, void* context) {
  if (before.sa_flags & SA_SIGINFO) return before.sa_sigaction(number, info, context);
  const bool sent = info->si_code <= 0;
  if (before.sa_handler == SIG_IGN && sent) return;
  if (before.sa_handler != SIG_IGN && before.sa_handler != SIG_DFL) return before.sa_handler(number);
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  ::sigaction(number, &standard, nullptr);
  if (sent) ::syscall(SYS_tgkill, ::getpid(), ::syscall(SYS_gettid), number);
}

void on_segv(int number, siginfo_t* info, void* context) {
  const auto address = reinterpret_cast<uintptr_t>(info->si_addr);
  const FaultGuard* const guard = info->si_code == SEGV_ACCERR ? known->find(address) : nullptr;
  if (guard == nullptr || guard->is_writable()) return pass_on(segv_before, number, info, context);
  guard->report_stray_write(address);
  ::sigaction(number, &segv_before, nullptr);  // the instruction comes again, and ends the process as ever
}

void on_bus(int number, siginfo_t* info, void* context) {
  const int error_number = errno;
  const auto address = reinterpret_cast<uintptr_t>(info->si_addr);
  FaultGuard* const guard = info->si_code == BUS_ADRERR ? known->find(address) : nullptr;
  if (guard == nullptr || !guard->replace_page(address)) pass_on(bus_before, number, info, context);
  errno = error_number;
}

void handle(int number, void (*handler)(int, siginfo_t*, void*), struct sigaction& before) {
  struct sigaction ours {};
  ours.sa_sigaction = handler;
  ours.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigemptyset(&ours.sa_mask);
  if (::sigaction(number, nullptr, &before) != 0 || ::sigaction(number, &ours, nullptr) != 0)
    fail("sigaction", std::to_string(number));
}

void install_once() {
  static const bool installed = [] {
    known = &table();
    page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
    handle(SIGSEGV, on_segv, segv_before);
    handle(SIGBUS, on_bus, bus_before);
    return true;
  }();
  (void)installed;
}

// The name may come from shared memory, and goes to a terminal.
std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 32 || c == 127; }, '?');
  return text;
}

// Text put together where nothing may be allocated.
class Line {
 public:
  void add(const char* text, size_t bytes) noexcept {
    bytes = std::min(bytes, sizeof text_ - used_);
    std::memcpy(text_ + used_, text, bytes);
    used_ += bytes;
  }
  void add(const char* text) noexcept { add(text, std::strlen(text)); }
  void add_hex(uintptr_t value) noexcept {
    for (int shift = static_cast<int>(sizeof value) * 8 - 4; shift >= 0; shift -= 4)
      if (value >> shift != 0 || shift == 0) add(&"0123456789abcdef"[(value >> shift) & 15u], 1);
  }
  void write_to_stderr() const noexcept {
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text_, used_);
  }

 private:
  char text_[640];
  size_t used_ = 0;
};

}  // namespace

FaultGuard::FaultGuard(const void* begin, uint64_t bytes, int protection, const std::string& stray_write)
    : end_(reinterpret_cast<uintptr_t>(begin) + bytes),
      protection_(protection),
      stray_write_(printable(stray_write)) {
  install_once();
  table().add(this, reinterpret_cast<uintptr_t>(begin), end_);
}

FaultGuard::~FaultGuard() { table().remove(this); }

bool FaultGuard::is_writable() const noexcept { return (protection_ & PROT_WRITE) != 0; }

void FaultGuard::report_stray_write(uintptr_t address) const noexcept {
  Line line;
  line.add("babus: ");
  line.add(stray_write_.data(), std::min<size_t>(stray_write_.size(), 512));
  line.add(" (address 0x");
  line.add_hex(address);
  line.add("); this process is ended\n");
  line.write_to_stderr();
}

bool FaultGuard::replace_page(uintptr_t address) noexcept {
  damaged_.store(true, std::memory_order_relaxed);
  const uintptr_t from = address / page * page;
  const uintptr_t to =
      replaced_.fetch_add(1) < kPagesOneByOne ? from + page : (end_ + page - 1) / page * page;
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE;
  return ::mmap(reinterpret_cast<void*>(from), to - from, protection_, kFlags, -1, 0) != MAP_FAILED;
}

}  // namespace babus::os
