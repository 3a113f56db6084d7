#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/domain.hpp"
#include "core/inspection.hpp"
#include "os/error.hpp"
#include "support/child.hpp"
#include "support/slots.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;
namespace os = babus::os;

bool remove_it() { return remove_domain(temp_root(), kDomain); }
bool is_there(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

}  // namespace

TEST("removal: takes the domain's files and its folder, and says whether there was something") {
  CHECK(!remove_it());
  { Ends ends; }
  CHECK(is_there(domain_path() + "/a.b@1.dat"));
  CHECK(remove_it());
  CHECK(!is_there(domain_path()));
  CHECK(!remove_it());
}

TEST("removal: refuses while a participant lives, and succeeds once it was killed") {
  const Signal joined;
  Child child([&] {
    const Ends ends;
    joined.give();
    wait_for_death();
  });
  joined.await();
  CHECK(!remove_it());
  CHECK(!remove_it());
  CHECK(is_there(domain_path() + "/a.b@1.ctl"));
  child.signal(SIGSTOP);
  CHECK(!remove_it());
  child.kill_to_zombie();
  CHECK(remove_it());
  CHECK(!is_there(domain_path()));
}

TEST("removal: leaves what others put into the folder") {
  join();
  os::create_file(domain_folder(), "control.sock");
  os::create_file(domain_folder(), "notes@home.txt");
  CHECK(remove_it());
  CHECK(is_there(domain_path() + "/control.sock") && is_there(domain_path() + "/notes@home.txt"));
  CHECK(!is_there(domain_path() + "/domain"));
  join();  // the folder is used again
}

TEST("removal: takes an empty folder that somebody left") {
  CHECK_EQUAL(::mkdir(domain_path().c_str(), 0700), 0);
  CHECK(!remove_it());
  CHECK(!is_there(domain_path()));
}

TEST("removal: one that was broken off is finished by the next to come") {
  for (const bool by_a_remover : {true, false}) {
    { Ends ends; }
    const uint64_t created = DomainBytes()->header.created_wall_ns;
    DomainBytes()->header.retired.store_seq(1);
    if (by_a_remover) {
      remove_it();
      CHECK(!is_there(domain_path()));
      continue;
    }
    CHECK_THROWS(join("x", false), "ERR_BABUS_DOMAIN_MISSING");
    CHECK(!is_there(domain_path() + "/domain"));
    const auto participant = join();
    CHECK(participant->domain().header().created_wall_ns != created);
    CHECK_THROWS(participant->attach("a/b"), "ERR_BABUS_SLOT_MISSING");
  }
}

TEST("removal: looking at a domain keeps nobody from removing it") {
  join();
  const auto looking = Domain::open(temp_root(), kDomain, Domain::Mode::kInspect);
  CHECK(remove_it());
}

TEST("removal: viewers keep no domain, and learn that it is gone") {
  auto ends = std::make_unique<Ends>();
  publish(ends->publisher, 7);
  const auto viewer = join("viewer", false, Role::kViewer);
  Subscription subscription(viewer->attach("a/b"));
  Message held;
  CHECK(subscription.at(1, held));
  CHECK(!remove_it());
  CHECK(!viewer->is_retired());
  ends.reset();
  CHECK(remove_it());
  CHECK(viewer->is_retired());
  CHECK_EQUAL(value_of(subscription, held), 7u);
}

// The folder of a removed domain is used again when something else lies in it: the old domain's viewer finds
// files of the names it knows there, in which its row is somebody else's.
TEST("removal: a viewer of a removed domain touches nothing of its successor") {
  auto first = std::make_unique<Ends>();
  first->participant->attach(config("other"));
  os::create_file(domain_folder(), "control.sock");
  const auto viewer = join("viewer", false, Role::kViewer);
  CHECK_THROWS(viewer->attach(config("new")), "ERR_BABUS_SLOT_MISSING");
  const auto early = viewer->attach("a/b");
  Child victim([] {
    Ends ends;
    ::raise(SIGKILL);  // leaves a dead row in the old domain
  });
  victim.join_killed();
  first.reset();
  CHECK(remove_it());

  std::vector<std::unique_ptr<Ends>> successors;
  for (int i = 0; i < 3; ++i)
    successors.push_back(std::make_unique<Ends>());  // one has the dead row's number
  publish(successors[0]->publisher, 7);
  std::vector<Message> held(3);
  for (size_t i = 0; i < 3; ++i) CHECK(successors[i]->subscription.at(1, held[i]));
  viewer->recover_the_dead();
  successors[0]->participant->attach(config("other"));
  CHECK_THROWS(viewer->attach("other"), "ERR_BABUS_DOMAIN_MISSING", "domain 'test'", "was removed");
  CHECK_THROWS(Subscription reader(early), "ERR_BABUS_DOMAIN_MISSING", "was removed");
  CHECK_THROWS(Publisher publisher(early), "ERR_BABUS_ARGUMENT", "look on only");
  CHECK_EQUAL(ControlFile().count_pins(), 3u);
}

// Joiners and removers meet at every step. Whoever has joined must be in the domain that its name leads to,
// for as long as it stays, with every slot it attached.
TEST("removal: never takes a domain from under somebody who joined") {
  constexpr int kRounds = 400;
  Child remover([] {
    for (;;) remove_it();
  });
  in_processes(3, [](int i) {
    for (int round = 0; round < kRounds; ++round) {
      Ends ends(config("s" + std::to_string(i)), "p");
      CHECK(os::is_same_file(domain_folder(), "domain", ends.participant->domain().file()));
      CHECK_EQUAL(ends.participant->domain().header().retired.load_seq(), 0u);
      const uint64_t sequence = publish(ends.publisher, 7);
      CHECK_EQUAL(ends.subscription.newest(), sequence);
      CHECK(os::open_file(domain_folder(), ends.publisher.slot().control().data_file(), os::Access::kRead));
    }
  });
}

TEST("removal: a remover that does not go on blocks nobody for ever") {
  const auto keep = join();
  const auto opening = os::open_file(domain_folder(), "domain", os::Access::kReadWrite);
  CHECK(os::try_lock(*opening, kJoinLock, 1, os::LockMode::kExclusive));  // as one who is stopped there
  CHECK_THROWS(join("newcomer"), "ERR_BABUS_DOMAIN_EXISTS", "domain 'test'", "being removed", "kill it");
  CHECK_THROWS(remove_it(), "ERR_BABUS_DOMAIN_EXISTS");
  os::unlock(*opening, kJoinLock, 1);
  join("newcomer");
}
