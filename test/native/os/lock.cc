#include "os/lock.hpp"

#include <unistd.h>

#include <string>
#include <string_view>
#include <thread>

#include "harness.hpp"
#include "os/file.hpp"
#include "os/fork_guard.hpp"
#include "support/child.hpp"

namespace {

using namespace babus::os;
using babus::test::Child;
using babus::test::Signal;
using babus::test::temp_root;

constexpr uint64_t kByte = uint64_t{1} << 33;     // beyond the end of the file, as the core's locks are
constexpr uint64_t kForEverNs = 100'000'000'000;  // until the watchdog of the tests

Fd open_again() {
  auto folder = open_folder(temp_root());
  if (auto file = open_file(*folder, "locks", Access::kReadWrite)) return std::move(*file);
  return create_file(*folder, "locks");
}

bool is_free(const Fd& file) {
  if (!try_lock(file, kByte, 1, LockMode::kExclusive)) return false;
  unlock(file, kByte, 1);
  return true;
}

}  // namespace

TEST("lock: two openings of a file in one process exclude each other") {
  const Fd first = open_again(), second = open_again();
  CHECK(try_lock(first, kByte, 1, LockMode::kExclusive));
  CHECK(!try_lock(second, kByte, 1, LockMode::kExclusive));
  CHECK(!try_lock(second, kByte, 1, LockMode::kShared));
  CHECK(try_lock(second, kByte + 1, 1, LockMode::kExclusive));
  unlock(first, kByte, 1);
  CHECK(try_lock(second, kByte, 1, LockMode::kShared));
}

TEST("lock: many share, and none of them gets it alone while another shares") {
  const Fd first = open_again(), second = open_again();
  CHECK(try_lock(first, kByte, 1, LockMode::kShared));
  CHECK(try_lock(second, kByte, 1, LockMode::kShared));
  CHECK(!try_lock(first, kByte, 1, LockMode::kExclusive));
  CHECK(!try_lock(second, kByte, 1, LockMode::kExclusive));
  unlock(second, kByte, 1);
  CHECK(try_lock(first, kByte, 1, LockMode::kExclusive));  // converts
  CHECK(!try_lock(second, kByte, 1, LockMode::kShared));
}

TEST("lock: a failed conversion keeps the shared lock") {
  const Fd first = open_again(), second = open_again(), third = open_again();
  CHECK(try_lock(first, kByte, 1, LockMode::kShared));
  CHECK(try_lock(second, kByte, 1, LockMode::kShared));
  CHECK(!try_lock(first, kByte, 1, LockMode::kExclusive));
  unlock(second, kByte, 1);
  CHECK(!try_lock(third, kByte, 1, LockMode::kExclusive));
}

TEST("lock: only exclusive locks of others are reported") {
  const Fd first = open_again(), second = open_again();
  CHECK(try_lock(first, kByte, 1, LockMode::kShared));
  CHECK(!is_locked_exclusively(second, kByte, 1));
  CHECK(try_lock(first, kByte, 1, LockMode::kExclusive));
  CHECK(is_locked_exclusively(second, kByte, 1));
  CHECK(!is_locked_exclusively(first, kByte, 1));
  CHECK(!is_locked_exclusively(second, kByte + 1, 1));
}

TEST("lock: goes with its opening, not with another one of the same file") {
  const Fd other = open_again();
  {
    const Fd holder = open_again();
    CHECK(try_lock(holder, kByte, 1, LockMode::kExclusive));
    open_again();  // opened and closed: a lock of the process would be lost here
    CHECK(!is_free(other));
  }
  CHECK(is_free(other));
}

TEST("lock: dies with a killed process") {
  const Fd file = open_again();
  const Signal locked;
  Child child([&] {
    const Fd own = open_again();
    CHECK(try_lock(own, kByte, 1, LockMode::kExclusive));
    locked.give();
    babus::test::wait_for_death();
  });
  locked.await();
  CHECK(!is_free(file));
  child.kill();
  CHECK(is_free(file));
}

TEST("lock: waiting for one ends when its holder dies") {
  const Fd file = open_again();
  const Signal locked;
  Child holder([&] {
    const Fd own = open_again();
    CHECK(try_lock(own, kByte, 1, LockMode::kExclusive));
    locked.give();
    babus::test::wait_for_death();
  });
  locked.await();
  Child waiter([&] {
    const Fd own = open_again();
    CHECK(lock_within(own, kByte, 1, LockMode::kExclusive, kForEverNs));
  });
  holder.kill();
  waiter.join();
  CHECK(is_free(file));
}

TEST("lock: waiting for one that nobody lets go of has an end") {
  const Fd holder = open_again(), waiter = open_again();
  CHECK(try_lock(holder, kByte, 1, LockMode::kExclusive));
  CHECK(!lock_within(waiter, kByte, 1, LockMode::kShared, 20'000'000));
  CHECK(lock_within(holder, kByte, 1, LockMode::kShared, 0));
  CHECK(lock_within(waiter, kByte, 1, LockMode::kShared, 0));
}

TEST("fork guard: a child does not keep the lock of its dead parent alive, and closes nothing else") {
  const Fd file = open_again();
  const Signal locked, forked, checked;
  Child parent([&] {
    Fd guarded = open_again(), plain = open_again();
    const ForkGuard guard(guarded);
    CHECK(try_lock(guarded, kByte, 1, LockMode::kExclusive));
    CHECK(try_lock(plain, kByte + 1, 1, LockMode::kExclusive));
    locked.give();
    const pid_t grandchild = ::fork();
    if (grandchild == 0) {
      if (guarded || !plain) ::_exit(1);
      forked.give();
      checked.await();
      ::_exit(0);
    }
    babus::test::wait_for_death();
  });
  locked.await();
  forked.await();
  parent.kill();
  CHECK(is_free(file));
  CHECK(!try_lock(file, kByte + 1, 1, LockMode::kExclusive));  // what nobody guarded lives on in the child
  checked.give();
}

TEST("fork guard: a guard that goes closes the descriptor, and guards nothing more") {
  Fd file = open_again();
  { const ForkGuard guard(file); }
  CHECK(!file);
  file = open_again();
  Child([&] { CHECK(file); }).join();
  const ForkGuard again(file);
  Child([&] { CHECK(!file); }).join();
  CHECK(file);
}

TEST("fork guard: a fork in the middle of an opening comes after it") {
#ifdef __SANITIZE_THREAD__
  throw babus::test::Skipped(
      "the thread sanitizer takes a thread of the parent for one that the child leaked");
#else
  Fd file;
  ForkGuard guard(file);
  const Signal opened;
  std::jthread opener([&] {
    guard.fill([&] {
      Fd fresh = open_again();
      opened.give();
      ::usleep(100'000);  // in which the fork below would be done, if it could
      return fresh;
    });
  });
  opened.await();
  Child([] {
    for (int fd = 3; fd < 64; ++fd) {
      char path[512] = {};
      const std::string link = "/proc/self/fd/" + std::to_string(fd);
      if (::readlink(link.c_str(), path, sizeof path - 1) > 0)
        CHECK(std::string_view(path).find(babus::test::temp_root()) != 0);
    }
  }).join();
  opener.join();
  CHECK(file);
#endif
}
