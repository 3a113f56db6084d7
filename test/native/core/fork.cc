#include <unistd.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "core/sleeper.hpp"
#include "support/child.hpp"
#include "support/slots.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;

}  // namespace

TEST("fork: a child that destroys what it inherited takes nothing from its parent") {
  auto ends = std::make_unique<Ends>();
  publish(ends->publisher, 7);
  Message held;
  CHECK(ends->subscription.take(held));
  const uint32_t loan = ends->publisher.loan(8);
  Child([&] { ends.reset(); }).join();
  const ControlFile file;
  CHECK_EQUAL(file.count_states(1), 1u);
  CHECK_EQUAL(file.count_pins(), 1u);
  CHECK(file.header().readers.any() && file.header().publishers.any());
  CHECK_EQUAL(DomainBytes().taken_rows(), 1u);
  CHECK_EQUAL(DomainBytes()->rows[0].attached.count(), 1u);
  CHECK_EQUAL(ends->publisher.commit(loan, 8), 2u);
}

TEST("fork: a child can join for itself") {
  Ends ends;
  Child([] {
    Ends own(config(), "child");
    CHECK_EQUAL(own.participant->row(), 1u);
    publish(own.publisher, 5);
  }).join();
  CHECK_EQUAL(take_value(ends.subscription), 5u);
  CHECK_EQUAL(DomainBytes().taken_rows(), 1u);
}

TEST("fork: a living child does not make its dead parent look alive") {
  const Signal forked, done;
  Child parent([&] {
    Ends ends;
    ends.publisher.loan(8);
    if (::fork() == 0) {
      forked.give();
      done.await();
      ::_exit(0);
    }
    wait_for_death();
  });
  forked.await();
  parent.kill();
  const auto next = join();
  CHECK_EQUAL(ControlFile().count_states(1), 0u);
  CHECK_EQUAL(next->row(), 0u);
  done.give();
}

// What a child inherits is decided at the instant of the fork: between any two steps of another thread that
// opens, locks and closes.
TEST("fork: children forked while another thread joins and leaves keep none of its locks") {
  const auto keep = join();
  std::atomic<bool> over{false};
  std::thread visitor([&] {
    while (!over) join("visitor");
  });
  const Signal running;  // so it has closed what it does not keep
  std::vector<std::unique_ptr<Child>> children;
  for (int i = 0; i < 300; ++i)
    children.push_back(std::make_unique<Child>([&] {
      running.give();
      wait_for_death();
    }));
  for (int i = 0; i < 300; ++i) running.await();
  over = true;
  visitor.join();
  for (uint32_t row = 1; row < kRows; ++row)
    CHECK(!babus::os::is_locked(keep->domain().file(), kRowLocks + row, 1));
  CHECK(!babus::os::is_locked(keep->domain().file(), kJoinLock, 1));
}
