#include "core/recovery.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <vector>

#include "core/sleeper.hpp"
#include "os/lock.hpp"
#include "os/process.hpp"
#include "support/child.hpp"
#include "support/slots.hpp"
#include "support/victim.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;
namespace os = babus::os;

void check_clean(const SlotConfig& slot = config()) {
  const ControlFile file(slot);
  CHECK_EQUAL(file.count_states(1), 0u);
  CHECK_EQUAL(file.count_pins(), 0u);
  CHECK(!file.header().readers.any());
  CHECK(!file.header().publishers.any());
  CHECK_EQUAL(DomainBytes().sleeping_rows(), 0u);
}

void hold_pins(Ends& ends) {
  Message message;
  publish(ends.publisher, 1);
  CHECK(ends.subscription.take(message) && ends.subscription.at(1, message));
}

void hold_everything(Ends& ends) {
  hold_pins(ends);
  ends.publisher.loan(8);
  publish_halfway(ends);
}

const std::pair<const char*, void (*)(Ends&)> kStates[] = {
    {"attached", [](Ends&) {}},
    {"holding loans", hold_loans},
    {"holding pins", hold_pins},
    {"between the steps of a commit", publish_halfway},
    {"holding everything", hold_everything},
};

}  // namespace

TEST("recovery: what a killed participant held in any state is given back when the next one joins") {
  for (const auto& [state, get_there] : kStates) {
    const uint64_t before = [] {
      const auto keep = join();
      return keep->attach(config())->newest();
    }();
    Victim victim(get_there);
    victim.child.kill_to_zombie();
    CHECK_EQUAL(DomainBytes().taken_rows(), 1u);
    const auto next = join();
    check_clean();
    CHECK_EQUAL(DomainBytes().taken_rows(), 1u);
    Subscription reader(next->attach("a/b"));
    const bool published = get_there == publish_halfway || get_there == hold_everything;
    if (published) CHECK(reader.newest() >= before + 2);  // the message that was only just there is there
    reader.seek(reader.newest() - (published ? 1 : 0));
    CHECK_EQUAL(take_value(reader), published ? 2u : 0u);
  }
}

TEST("recovery: attaching recovers too, and harms nobody who lives") {
  Ends living(config("c"), "living");
  const auto slot = living.participant->attach(config());
  Publisher publisher(slot);
  Subscription subscription(slot);
  const uint32_t loan = publisher.loan(8);
  Message held;
  {
    Victim victim(hold_everything);
    CHECK(subscription.at(subscription.newest(), held));
    const auto other = join();
    other->attach(config("d"));
    CHECK_EQUAL(ControlFile().count_states(1),
                3u);  // ours, and the victim's, who lives: nothing is taken from it
    victim.child.kill();
    other->attach(config("d"));
  }
  CHECK_EQUAL(ControlFile().count_states(1), 1u);
  CHECK_EQUAL(ControlFile().count_pins(), 1u);
  CHECK_EQUAL(value_of(subscription, held), 2u);
  CHECK(publisher.commit(loan, 8) > held.sequence);
}

TEST("recovery: who runs out of buffers recovers the dead first") {
  Ends ends;
  uint64_t dead_claim = 0;
  {
    Victim victim([](Ends&) {});
    const DomainBytes domain;
    const uint32_t row = 1;
    CHECK_EQUAL(domain->rows[row].state.load_seq(), 1u);
    dead_claim = babus::sync::Ring::claimed_state(row, domain->rows[row].generation.load_seq());
    victim.child.kill();
  }
  const ControlFile file;
  for (uint32_t b = 0; b < file.geometry().buffers; ++b) file.buffer(b).state.store_seq(dead_claim);
  CHECK_EQUAL(publish(ends.publisher, 1), 1u);
  CHECK_EQUAL(file.count_states(1), 0u);
}

TEST("recovery: a stopped process is not dead, nor one that lost its descriptors") {
  Ends keep;
  Victim stopped(hold_loans);
  Victim closed([](Ends& ends) {
    hold_loans(ends);
    close_domain_files();
  });
  stopped.child.signal(SIGSTOP);
  const auto other = join();
  CHECK_EQUAL(ControlFile().count_states(1), 4u);
  CHECK_EQUAL(DomainBytes().taken_rows(), 4u);
  closed.child.kill();
  other->recover_the_dead();
  CHECK_EQUAL(ControlFile().count_states(1), 2u);
  stopped.child.kill();
  other->recover_the_dead();
  CHECK_EQUAL(ControlFile().count_states(1), 0u);
}

TEST("recovery: of another pid namespace the lock alone counts") {
  Ends keep;
  Victim victim(hold_loans);
  DomainBytes domain;
  Row& row = domain->rows[1];
  row.pid = static_cast<uint32_t>(::getpid());  // a living process here, but that says nothing
  row.pid_namespace = 1;
  CHECK(!recover_if_dead(keep.participant->domain(), 1));
  victim.child.kill();
  CHECK(recover_if_dead(keep.participant->domain(), 1));
  CHECK_EQUAL(ControlFile().count_states(1), 0u);
}

TEST("recovery: a recoverer that stopped halfway keeps the row's number, and nothing else, from the others") {
  Ends keep;
  {
    Victim victim(hold_everything);
    victim.child.kill();
  }
  auto stopped = os::open_file(domain_folder(), "domain", os::Access::kReadWrite);
  CHECK(os::try_lock(*stopped, kRowLocks + 1, 1, os::LockMode::kShared));
  CHECK(recover_if_dead(keep.participant->domain(), 1));
  CHECK_EQUAL(ControlFile().count_states(1), 0u);
  CHECK_EQUAL(ControlFile().count_pins(), 0u);
  CHECK_EQUAL(DomainBytes().taken_rows(), 1u);
  CHECK(!recover_if_dead(keep.participant->domain(), 1));
  CHECK_EQUAL(join()->row(), 2u);  // nobody gets the row while he might still write into it
  stopped->reset();
  CHECK_EQUAL(join()->row(), 1u);
}

TEST("recovery: who only looks at a domain recovers it too") {
  {
    Victim first(hold_everything);
    Victim second(hold_loans);
    first.child.kill();
    CHECK_EQUAL(recover_domain(temp_root(), kDomain), 1u);
    CHECK_EQUAL(DomainBytes().taken_rows(), 1u);
    second.child.kill();
  }
  CHECK_EQUAL(recover_domain(temp_root(), kDomain), 1u);
  check_clean();
  CHECK_EQUAL(DomainBytes().taken_rows(), 0u);
  CHECK_EQUAL(recover_domain(temp_root(), kDomain), 0u);
  CHECK_THROWS(recover_domain(temp_root(), "none"), "ERR_BABUS_DOMAIN_MISSING");
}

TEST("recovery: a living process that has another's number, or lost its descriptors, fools nobody") {
  Ends keep;
  Victim victim([](Ends& ends) {
    hold_loans(ends);
    close_domain_files();
  });
  DomainBytes domain;
  Row& row = domain->rows[1];
  const Domain& own = keep.participant->domain();
  CHECK(!own.is_dead(1));
  const uint32_t pid = row.pid;
  row.pid = static_cast<uint32_t>(::getpid());  // runs, but started at another time than the row says
  CHECK(own.is_dead(1) || row.start_time == os::this_process().start_time);
  row.start_time += 1;
  CHECK(own.is_dead(1));
  row.pid = pid;
  row.start_time -= 1;
  CHECK(!own.is_dead(1));
  row.pid = 0x7ffffff0;  // nobody's
  CHECK(recover_if_dead(own, 1));
  CHECK_EQUAL(ControlFile().count_states(1), 0u);
}

TEST("recovery: one that lost its descriptors recovers nobody, because it cannot keep newcomers out") {
  const Signal ready, go, done;
  Child blind([&] {
    const auto participant = join("blind");
    ready.give();
    go.await();
    close_domain_files();
    const int fd = ::open((temp_root() + "/other").c_str(), O_RDWR | O_CREAT, 0600);  // gets its number
    CHECK(fd >= 0);
    CHECK_THROWS(participant->recover_the_dead(), "");
    done.give();
    wait_for_death();
  });
  ready.await();
  Victim victim(hold_loans);
  victim.child.kill();
  go.give();
  done.await();
  CHECK_EQUAL(ControlFile().count_states(1), 2u);
  CHECK_EQUAL(DomainBytes().taken_rows(), 2u);
  join();
  CHECK_EQUAL(ControlFile().count_states(1), 0u);
}

TEST("recovery: a damaged slot costs itself alone") {
  Ends keep;
  {
    Victim victim([](Ends& ends) {
      static std::shared_ptr<Slot> others[] = {ends.participant->attach(config("x")),
                                               ends.participant->attach(config("y"))};
      static Publisher broken(others[0]), sound(others[1]);
      hold_loans(ends);
      broken.loan(8);
      sound.loan(8);
    });
    victim.child.kill();
  }
  ControlFile(config("x")).header().magic = 0;
  CHECK(recover_if_dead(keep.participant->domain(), 1));
  CHECK_EQUAL(ControlFile().count_states(1), 0u);
  CHECK_EQUAL(ControlFile(config("y")).count_states(1), 0u);
  CHECK_EQUAL(DomainBytes().taken_rows(), 1u);
}

TEST("recovery: a recoverer without descriptors keeps the row for one that has some") {
  Ends keep;
  {
    Victim victim(hold_loans);
    DomainBytes()->rows[1].pid_namespace = 1;  // so that the lock alone tells, without a descriptor
    victim.child.kill();
  }
  const Domain& domain = keep.participant->domain();
  CHECK(domain.is_dead(1));
  rlimit limit;
  CHECK_EQUAL(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlimit none{0, limit.rlim_max};
  CHECK_EQUAL(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const bool was_dead = recover_if_dead(domain, 1);
  CHECK_EQUAL(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  CHECK(was_dead);
  CHECK_EQUAL(DomainBytes().taken_rows(), 2u);
  CHECK_EQUAL(ControlFile().count_states(1), 2u);
  keep.participant->recover_the_dead();
  CHECK_EQUAL(DomainBytes().taken_rows(), 1u);
  CHECK_EQUAL(ControlFile().count_states(1), 0u);
}

TEST("recovery: many at once, beside newcomers, a publisher and a reader") {
  SlotConfig slot = config();
  slot.max_readers = slot.max_publishers = 8;
  for (int round = 0; round < 10; ++round) {
    Ends keep(slot);
    std::vector<std::unique_ptr<Child>> victims;
    const Signal there;
    for (int i = 0; i < 4; ++i)
      victims.push_back(std::make_unique<Child>([&] {
        Ends ends(slot, "victim");
        hold_loans(ends);
        Message message;
        ends.subscription.at(ends.subscription.newest(), message);
        there.give();
        wait_for_death();
      }));
    for (int i = 0; i < 4; ++i) there.await();
    for (auto& victim : victims) victim->kill_to_zombie();
    Child newcomers([&] {
      in_processes(3, [&](int) {
        for (int visit = 0; visit < 5; ++visit) {
          Ends ends(slot, "newcomer");
          CHECK(publish(ends.publisher, 5) > 0);
        }
      });
    });
    for (int i = 0; i < 50; ++i) CHECK(publish(keep.publisher, 5) > 0);
    newcomers.join();
    keep.participant->recover_the_dead();
    CHECK_EQUAL(ControlFile(slot).count_states(1), 0u);
    CHECK_EQUAL(ControlFile(slot).count_pins(), 0u);
    CHECK_EQUAL(ControlFile(slot).header().readers.count(), 1u);
    CHECK_EQUAL(DomainBytes().taken_rows(), 1u);
  }
}

// Killed wherever it happens to be, again and again: no hole, no message twice, nothing leaked, and nobody
// ever waits for it.
TEST("recovery: publishers and readers killed at any instruction") {
  Ends keep;
  uint64_t last = 0;
  for (int round = 0; round < 150; ++round) {
    Child child([] {
      Ends ends(config(), "victim");
      Sleeper sleeper(*ends.participant);
      for (uint64_t value = 1;; ++value) {
        const uint32_t loan = ends.publisher.loan(8);
        publish(ends.publisher, value);
        ends.publisher.discard(loan);
        sleeper.sleep({{ends.subscription.slot().shared_from_this(), ends.subscription.position()}});
        Message a, b;
        ends.subscription.take(a) ? ends.subscription.release(a.pin) : void();
        if (ends.subscription.at(ends.subscription.newest(), b)) ends.subscription.release(b.pin);
      }
    });
    const uint64_t until = keep.subscription.newest() + 1 + static_cast<uint64_t>(round * 7 % 50);
    while (keep.subscription.newest() < until) continue;
    child.kill();
    keep.participant->recover_the_dead();
    CHECK_EQUAL(ControlFile().count_states(1), 0u);
    CHECK_EQUAL(ControlFile().count_pins(), 0u);
    CHECK_EQUAL(DomainBytes().sleeping_rows(), 0u);
    CHECK_EQUAL(ControlFile().header().publishers.count(), 1u);
    CHECK_EQUAL(DomainBytes().taken_rows(), 1u);
    const uint64_t sequence = publish(keep.publisher, 7);
    CHECK_EQUAL(sequence, keep.subscription.newest());
    Message message;
    while (keep.subscription.take(message)) {
      CHECK_EQUAL(message.sequence, last + message.missed + 1);
      last = message.sequence;
      keep.subscription.release(message.pin);
    }
    CHECK_EQUAL(last, sequence);
  }
}
