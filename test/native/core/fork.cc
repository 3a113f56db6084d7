#include <unistd.h>

#include <memory>

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
