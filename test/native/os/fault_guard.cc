#include "os/fault_guard.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <thread>
#include <vector>

#include "harness.hpp"
#include "os/mapping.hpp"
#include "support/child.hpp"
#include "support/ended.hpp"

namespace {

using namespace babus::os;
using babus::test::Ended;
using babus::test::run_to_end;
using babus::test::temp_root;

// A file of so many pages, each byte an 'x'.
struct Pages {
  explicit Pages(uint64_t count, const std::string& file = "pages")
      : name(file), bytes(count * page_bytes()), fd(create_file(*open_folder(temp_root()), file)) {
    // Written and not mapped: the first mapping is the processes' that a test looks at.
    const std::string page(page_bytes(), 'x');
    for (uint64_t i = 0; i < count; ++i)
      CHECK_EQUAL(::write(fd.get(), page.data(), page.size()), static_cast<ssize_t>(page.size()));
  }
  Mapping map(Access access = Access::kReadWrite, const std::string& who = {}) const {
    return Mapping(fd, bytes, access, name, who);
  }
  void cut_to(uint64_t count) const { resize(fd, count * page_bytes(), name); }
  std::string name;
  uint64_t bytes;
  Fd fd;
};

// Not what a compiler could leave out or a sanitizer could know to be wrong.
void poke(void* address) { *static_cast<volatile char*>(address) = 1; }
char peek(const void* address) { return *static_cast<const volatile char*>(address); }

// Memory of nobody's, that may not be touched.
void* forbidden() {
  void* address = ::mmap(nullptr, page_bytes(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(address != MAP_FAILED);
  return address;
}

void handle(int number, void (*handler)(int, siginfo_t*, void*)) {
  struct sigaction action {};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO;
  CHECK_EQUAL(::sigaction(number, &action, nullptr), 0);
}

}  // namespace

TEST("faults: a write to what is mapped read-only says who wrote to what, and ends the process as ever") {
  const Pages pages(2);
  const Ended ended = run_to_end([&] {
    const Mapping map = pages.map(Access::kRead, "node edges wrote to a/b");
    poke(map.data() + page_bytes() + 5);
  });
  CHECK(ended.by_signal);
  CHECK_EQUAL(ended.number, SIGSEGV);
  CHECK(ended.said.starts_with("babus: node edges wrote to a/b (address 0x"));
  CHECK(ended.said.ends_with("005); this process is ended\n"));
}

TEST("faults: the same on a thread with a signal stack of its own, and with a name nobody should print") {
  const Pages pages(1);
  const Ended ended = run_to_end([&] {
    const Mapping map = pages.map(Access::kRead, "node \x1b[2J\n" + std::string(5000, 'n'));
    std::thread([&] {
      std::vector<char> stack(1 << 16);
      stack_t other{};
      other.ss_sp = stack.data();
      other.ss_size = stack.size();
      ::sigaltstack(&other, nullptr);
      poke(map.data());
    }).join();
  });
  CHECK(ended.by_signal);
  CHECK_EQUAL(ended.number, SIGSEGV);
  CHECK(ended.said.starts_with("babus: node ?[2J?nnn"));
  CHECK(ended.said.size() < 640);
}

TEST("faults: after a stray write the handler of before has its say") {
  const Pages pages(1);
  const Ended ended = run_to_end([&] {
    handle(SIGSEGV, [](int, siginfo_t* info, void*) { ::_exit(info->si_code == SEGV_ACCERR ? 42 : 43); });
    const Mapping map = pages.map(Access::kRead, "somebody");
    poke(map.data());
  });
  CHECK_EQUAL(ended.number, 42);
  CHECK(ended.said.starts_with("babus: somebody (address"));
}

// As engines do that catch out-of-bounds accesses of compiled code.
TEST("faults: a handler of before that mends its own faults goes on doing so") {
  const Pages pages(1);
  const Ended ended = run_to_end([&] {
    static std::atomic<int> mended{0};
    handle(SIGSEGV, [](int, siginfo_t* info, void*) {
      ::mprotect(info->si_addr, page_bytes(), PROT_READ | PROT_WRITE);
      ++mended;
    });
    const Mapping map = pages.map();
    for (int i = 0; i < 3; ++i) poke(forbidden());
    CHECK_EQUAL(mended.load(), 3);
  });
  CHECK_EQUAL(ended.said, "");
  CHECK(!ended.by_signal && ended.number == 0);
}

TEST("faults: those that are none of ours end the process as ever, and so do signals that are sent") {
  const Pages pages(2);
  const std::pair<int, void (*)(const Pages&)> cases[] = {
      {SIGSEGV, [](const Pages&) { poke(forbidden()); }},
      {SIGSEGV, [](const Pages&) { ::raise(SIGSEGV); }},
      {SIGBUS, [](const Pages&) { ::kill(::getpid(), SIGBUS); }},
      {SIGBUS,
       [](const Pages& file) {  // a mapping of somebody else's
         void* address = ::mmap(nullptr, file.bytes, PROT_READ, MAP_SHARED, file.fd.get(), 0);
         file.cut_to(0);
         peek(address);
       }},
  };
  for (const auto& [number, deed] : cases) {
    const Ended ended = run_to_end([&] {
      const Mapping map = pages.map(Access::kRead);
      deed(pages);
    });
    CHECK(ended.by_signal);
    CHECK_EQUAL(ended.number, number);
    CHECK_EQUAL(ended.said, "");
  }
}

TEST("faults: a signal that was ignored before and is sent is ignored still") {
  const Pages pages(1);
  const Ended ended = run_to_end([&] {
    ::signal(SIGSEGV, SIG_IGN);
    const Mapping map = pages.map();
    ::raise(SIGSEGV);
    ::_exit(7);
  });
  CHECK_EQUAL(ended.number, 7);
}

TEST("faults: a system call that would write to what is mapped read-only, or to what is gone, gets EFAULT") {
  const Pages pages(2);
  const Mapping map = pages.map(Access::kRead), writable = pages.map();
  const Fd zeros(::open("/dev/zero", O_RDONLY | O_CLOEXEC));
  CHECK_EQUAL(::read(zeros.get(), map.data(), 8), -1);
  CHECK_EQUAL(errno, EFAULT);
  CHECK_EQUAL(peek(map.data()), 'x');
  pages.cut_to(1);
  CHECK_EQUAL(::read(zeros.get(), writable.data() + page_bytes(), 8), -1);
  CHECK_EQUAL(errno, EFAULT);
}

TEST(
    "faults: pages that a file has lost read as zeros and take writes; the others stay, and so do other "
    "mappings") {
  const Pages pages(4), beside(4, "beside");
  const Mapping writer = pages.map(), reader = pages.map(Access::kRead), other = beside.map();
  pages.cut_to(2);
  CHECK(!reader.is_damaged());  // nobody has looked
  CHECK_EQUAL(peek(reader.data() + 3 * page_bytes() - 1), '\0');
  CHECK(reader.is_damaged() && !writer.is_damaged());
  poke(writer.data() + 3 * page_bytes());
  CHECK_EQUAL(peek(writer.data() + 3 * page_bytes()), '\1');
  CHECK(writer.is_damaged());
  CHECK_EQUAL(peek(reader.data() + 2 * page_bytes() - 1), 'x');
  poke(writer.data());
  CHECK_EQUAL(peek(reader.data()), '\1');  // still shared
  CHECK(!other.is_damaged());
  pages.cut_to(4);  // made long again, with nothing in it
  CHECK(reader.is_damaged());
  CHECK_EQUAL(file_size(pages.fd, pages.name), pages.bytes);
}

TEST("faults: a moved mapping is guarded where it went, and an unmapped one no more") {
  const Pages pages(1);
  Mapping first = pages.map();
  Mapping second = std::move(first);
  Mapping third;
  third = std::move(second);
  pages.cut_to(0);
  CHECK_EQUAL(peek(third.data()), '\0');
  CHECK(third.is_damaged() && !first.is_damaged() && !second.is_damaged());
}

TEST("faults: a large mapping of a file that is gone does not use up the process's pieces of memory") {
  const Pages pages(80'000, "large");  // every second page by itself would be more than the kernel's 65,530
  const Mapping map = pages.map();
  pages.cut_to(0);
  for (uint64_t page = 0; page < 80'000; page += 2) poke(map.data() + page * page_bytes());
  CHECK(map.is_damaged());
  const Mapping another = Pages(1).map();  // room for more
}

TEST("faults: a stray write to a page that was replaced is one still") {
  const Pages pages(1);
  const Ended ended = run_to_end([&] {
    const Mapping map = pages.map(Access::kRead, "somebody");
    pages.cut_to(0);
    peek(map.data());
    poke(map.data());
  });
  CHECK_EQUAL(ended.number, SIGSEGV);
  CHECK(ended.said.starts_with("babus: somebody"));
}

// Each fault must find its own mapping among hundreds that come and go.
TEST("faults: threads that map, fault and unmap at once each find their own") {
  std::vector<std::thread> threads;
  std::atomic<int> failed{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      const Pages pages(1, "thread" + std::to_string(t));
      for (int round = 0; round < 10; ++round) {
        pages.cut_to(1);
        std::vector<Mapping> maps;
        for (int i = 0; i < 150; ++i)
          maps.push_back(pages.map(i % 2 == 0 ? Access::kRead : Access::kReadWrite));
        pages.cut_to(0);
        for (size_t i = 0; i < maps.size(); i += 3) peek(maps[i].data());
        for (size_t i = 0; i < maps.size(); ++i)
          if (maps[i].is_damaged() != (i % 3 == 0)) ++failed;
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK_EQUAL(failed.load(), 0);
}
