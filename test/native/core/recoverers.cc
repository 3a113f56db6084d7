#include <signal.h>

#include <thread>

#include "core/recovery.hpp"
#include "core/sleeper.hpp"
#include "support/child.hpp"
#include "support/slots.hpp"
#include "support/steps.hpp"
#include "support/victim.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;
using babus::sync::Step;

}  // namespace

// Really stopped, at every step, with another that dies there; everybody else goes on, and the newcomer that
// gets the row when the stopped one goes on keeps what it holds.
TEST("recoverers: those that are stopped or killed at any step block nobody and harm no newcomer") {
  for (const Step step :
       {Step::kReapLocked, Step::kRecoverUnpinned, Step::kRecoverStated, Step::kRecoverFreed,
        Step::kReapSlots, Step::kReapRetracted, Step::kReapWoken, Step::kReapFreed}) {
    Ends keep;
    // Both look at the dead row only once they are told to, so that neither leaves it to the other.
    const Signal joined, stop, die, done;
    const auto recoverer = [&](const Signal& go, int signal_number) {
      const auto participant = join("recoverer");
      joined.give();
      go.await();
      signal_at(step, 1, signal_number);
      participant->recover_the_dead();
      done.give();
      wait_for_death();
    };
    Victim victim([](Ends& ends) {
      Message message;
      publish(ends.publisher, 1);
      CHECK(ends.subscription.take(message));
      ends.publisher.loan(8);
      publish_halfway(ends);
    });
    Child stopped([&] { recoverer(stop, SIGSTOP); });
    joined.await();
    Child killed([&] { recoverer(die, SIGKILL); });
    joined.await();
    victim.child.kill();
    stop.give();
    // One that had freed the row would leave the other nothing to stop in.
    if (step != Step::kReapFreed) die.give();
    stopped.await_stop();
    if (step != Step::kReapFreed) killed.join_killed();
    keep.participant->recover_the_dead();
    CHECK_EQUAL(ControlFile().count_states(1), 0u);
    CHECK_EQUAL(ControlFile().count_pins(), 0u);
    CHECK_EQUAL(DomainBytes()->rows[1].state.load_seq(), 0u);
    Ends newcomer(config(), "newcomer");
    CHECK(newcomer.participant->row() != 1u);
    CHECK(publish(newcomer.publisher, 1) > 0);
    stopped.signal(SIGCONT);
    done.await();
    Ends second(config(), "second");
    hold_loans(second);
    stopped.kill();
    if (step == Step::kReapFreed) killed.kill();
    keep.participant->recover_the_dead();
    CHECK_EQUAL(ControlFile().count_states(1), 2u);
    CHECK_EQUAL(DomainBytes().taken_rows(), 3u);
  }
}

// Beside others who publish, their next wake would cover a lost one.
TEST("recoverers: one that dies before it has woken anybody leaves the waking to the next") {
  for (const Step step : {Step::kRecoverHelped, Step::kReapSlots, Step::kReapRetracted}) {
    Ends keep;
    Child sleeper([] {
      Ends ends(config(), "sleeper");
      Sleeper sleeping(*ends.participant);
      sleeping.sleep({{ends.subscription.slot().shared_from_this(), ends.subscription.position()}});
      CHECK_EQUAL(sleeping.unwoken(), 0u);
    });
    while (DomainBytes().sleeping_rows() == 0) std::this_thread::yield();
    Child victim([] {
      Ends ends(config(), "victim");
      signal_at(Step::kCommitAdvanced, 1, SIGKILL);
      publish(ends.publisher, 1);
    });
    victim.join_killed();
    Child first([&] {
      signal_at(step, 1, SIGKILL);
      join("first");
    });
    first.join_killed();
    keep.participant->recover_the_dead();
    sleeper.join();
  }
}
