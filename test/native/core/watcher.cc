#include "core/watcher.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "core/sleeper.hpp"
#include "os/process.hpp"
#include "support/child.hpp"
#include "support/slots.hpp"
#include "support/steps.hpp"
#include "support/victim.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;
namespace os = babus::os;
using babus::sync::Step;

std::unique_ptr<Participant> join_watching(const std::string& name = "watcher") {
  return std::make_unique<Participant>(temp_root(), kDomain, name, true, Role::kMember, Watching::kOn);
}

// The harness's watchdog ends a wait in vain.
void wait_for_rows(uint32_t count) {
  const DomainBytes domain;
  while (domain.taken_rows() != count) ::usleep(500);
}

void wait_for_clean(uint32_t rows, const SlotConfig& slot = config()) {
  wait_for_rows(rows);
  CHECK_EQUAL(ControlFile(slot).count_states(1), 0u);
  CHECK_EQUAL(ControlFile(slot).count_pins(), 0u);
  CHECK_EQUAL(DomainBytes().sleeping_rows(), 0u);
}

// A process that watches, and does nothing else.
struct Keeper {
  explicit Keeper(const std::function<void()>& then = [] {})
      : child([this, then] {
          const auto participant = join_watching();
          then();
          there.give();
          wait_for_death();
        }) {
    there.await();
  }
  Signal there;
  Child child;
};

// How often the threads of a process gave way of their own accord: each wakeup ends in one.
uint64_t rests_of(pid_t pid, const std::string& thread) {
  const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
  uint64_t total = 0;
  for (const auto& task : os::list_folder(*os::open_folder(tasks), tasks)) {
    std::ifstream status(tasks + "/" + task + "/status");
    std::string line, name;
    while (std::getline(status, line)) {
      if (line.starts_with("Name:")) name = line.substr(6);
      if (line.starts_with("voluntary_ctxt_switches:") && name == thread)
        total += std::stoull(line.substr(24));
    }
  }
  return total;
}

// As a program does that closes whatever it did not open itself; not the pipes, which are this test's.
void close_all_but_pipes() {
  for (int fd = 3; fd < 64; ++fd) {
    char path[512] = {};
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    const bool open = ::readlink(link.c_str(), path, sizeof path - 1) > 0;
    if (open && !std::string_view(path).starts_with("pipe")) ::close(fd);
  }
}

// A fork past the C library, as some programs and languages do it: no guard closes anything in the child.
bool fork_past_the_guards() { return ::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr) == 0; }

// Children are in the new namespace from now on; the first is its first process, with which all others end.
// /proc still shows the namespace around it, where their numbers are other processes'.
void look_across_namespaces() {
  const Signal up;
  Child first([&] {
    up.give();
    wait_for_death();
  });
  up.await();
  {
    Victim inside;
    CHECK(DomainBytes()->rows[1].pid_namespace != DomainBytes()->rows[0].pid_namespace);
    CHECK_EQUAL(DomainBytes().taken_rows(), 2u);
    inside.child.kill();
    wait_for_clean(1);
  }
  Victim closed([](Ends& ends) {
    ends.publisher.loan(8);
    close_domain_files();
  });
  Child looking([] {
    const auto participant = join("looking");
    CHECK(!participant->domain().is_dead(1));
    CHECK(!participant->domain().is_dead(0));
  });
  looking.join();
}

}  // namespace

TEST("watcher: a killed participant is recovered although nobody joins, publishes or looks") {
  Keeper keeper;
  for (int round = 0; round < 20; ++round) {
    Victim victim([](Ends& ends) {
      Message message;
      publish(ends.publisher, 1);
      CHECK(ends.subscription.take(message));
      ends.publisher.loan(8);
      ends.participant->domain().events().announce(ends.participant->row(), 1);
    });
    CHECK_EQUAL(DomainBytes().taken_rows(), 2u);
    victim.child.kill_to_zombie();
    wait_for_clean(1);
  }
}

TEST("watcher: sleepers are woken when a publisher dies between publishing and waking") {
  Keeper keeper;
  const Signal asleep, woken;
  Child sleeper([&] {
    Ends ends(config(), "sleeper");
    Sleeper own(*ends.participant);
    asleep.give();
    while (take_value(ends.subscription) == 0)
      own.sleep({{ends.subscription.slot().shared_from_this(), ends.subscription.position()}});
    woken.give();
    wait_for_death();
  });
  asleep.await();
  Child publisher([] {
    Ends ends(config(), "publisher");
    signal_at(Step::kCommitAdvanced, 1, SIGKILL);
    publish(ends.publisher, 7);
  });
  publisher.join_killed();
  woken.await();
}

TEST("watcher: who dies at any step of joining or leaving leaves no row behind") {
  Keeper keeper;
  { Ends ends; }
  for (const Step step : {Step::kJoinOpened, Step::kJoinLocked, Step::kJoinRowLocked, Step::kJoinRowWritten,
                          Step::kJoinTaken, Step::kJoinDone, Step::kLeaveBegin, Step::kLeaveFreed})
    for (int round = 0; round < 5; ++round) {
      Child victim([&] {
        signal_at(step, 1, SIGKILL);
        join("victim");
      });
      victim.join_killed();
      wait_for_rows(1);
    }
}

TEST("watcher: when most of a domain dies at once, the last one alive gives everything back") {
  const auto keep = join();
  std::vector<std::unique_ptr<Victim>> victims;
  for (int i = 0; i < 3; ++i) victims.push_back(std::make_unique<Victim>());
  std::vector<std::unique_ptr<Keeper>> keepers;
  for (int i = 0; i < 9; ++i) keepers.push_back(std::make_unique<Keeper>());
  Keeper last;
  CHECK_EQUAL(DomainBytes().taken_rows(), 14u);
  for (auto& victim : victims) victim->child.signal(SIGKILL);
  for (auto& keeper : keepers) keeper->child.signal(SIGKILL);
  wait_for_rows(2);
  CHECK_EQUAL(ControlFile().count_states(1), 0u);
}

TEST("watcher: newcomers are watched, wherever their rows lie") {
  auto first = std::make_unique<Victim>();
  Keeper keeper;  // in row 1
  Victim second;
  first->child.kill();
  wait_for_rows(2);
  first = std::make_unique<Victim>();  // in row 0, which comes after the last
  first->child.kill();
  wait_for_rows(2);
  second.child.kill();
  wait_for_clean(1);
}

TEST("watcher: a row is recovered as soon as its lock is free, however long a leaked descriptor holds it") {
  Keeper keeper;
  const Signal leaked, let_go, gone;
  // As programs do that fork past the C library: no guard closes anything in the child.
  Victim victim([&](Ends&) {
    if (!fork_past_the_guards()) return;
    leaked.give();
    let_go.await();
    ::_exit(0);
  });
  leaked.await();
  victim.child.kill();
  for (int look = 0; look < 20; ++look) {
    CHECK_EQUAL(DomainBytes().taken_rows(), 2u);
    ::usleep(5000);
  }
  let_go.give();
  wait_for_clean(1);
}

TEST("watcher: closed descriptors, stops and continues are no deaths") {
  Keeper keeper;
  Victim stopped;
  Victim closed([](Ends& ends) {
    ends.publisher.loan(8);
    close_domain_files();
  });
  stopped.child.signal(SIGSTOP);
  join();  // makes everybody look
  for (int look = 0; look < 10; ++look) {
    CHECK_EQUAL(DomainBytes().taken_rows(), 3u);
    ::usleep(10000);
  }
  CHECK_EQUAL(ControlFile().count_states(1), 2u);
  closed.child.kill();
  wait_for_rows(2);
  stopped.child.kill();
  wait_for_clean(1);
}

TEST("watcher: a program that closes all its descriptors spoils no file that gets their numbers") {
#ifdef __SANITIZE_THREAD__
  throw Skipped("the thread sanitizer takes the closing of others' descriptors for what it is, a race");
#endif
  const Signal closed, leave;
  Child program([&] {
    auto participant = join_watching("program");
    const std::string path = temp_root() + "/other";
    close_all_but_pipes();
    for (int i = 0; i < 10; ++i) CHECK(::open(path.c_str(), O_RDWR | O_CREAT, 0600) >= 0);
    closed.give();
    leave.await();
    participant.reset();
    CHECK_EQUAL(
        os::file_size(*os::open_file(*os::open_folder(temp_root()), "other", os::Access::kRead), path), 0u);
  });
  closed.await();
  { Ends ends; }  // makes everybody look
  Victim().child.kill();
  leave.give();
  program.join();
}

TEST("watcher: nobody wakes up while nothing happens") {
  Keeper one, two;
  Victim victim;
  const auto rests = [&] {
    return rests_of(one.child.pid(), "babus-watch") + rests_of(one.child.pid(), "babus-members") +
           rests_of(two.child.pid(), "babus-watch") + rests_of(two.child.pid(), "babus-members");
  };
  // Until they have come to rest after the joining.
  uint64_t before = 0, now = rests();
  do {
    before = now;
    ::usleep(200'000);
    now = rests();
  } while (now != before || now == 0);
  ::usleep(1'000'000);
  CHECK_EQUAL(rests(), now);
  victim.child.kill();
  wait_for_rows(2);
  CHECK(rests() > now);
}

TEST("watcher: processes of another pid namespace, and what they see of each other") {
  Keeper keeper;
  bool& refused = shared<bool>();
  // In a child, because who has done this can start no threads any more.
  Child other([&] {
    refused = ::unshare(CLONE_NEWPID) != 0;
    if (!refused) look_across_namespaces();
  });
  other.join();
  if (refused) throw Skipped("cannot make a pid namespace");
}

TEST("watcher: many joining, leaving and dying at once are all told apart") {
  Keeper one, two;
  SlotConfig slot = config();
  slot.max_readers = slot.max_publishers = 64;
  in_processes(4, [&](int seed) {
    for (int round = 0; round < 25; ++round) {
      Child victim([&] {
        Ends ends(slot, "victim");
        ends.publisher.loan(8);
        if ((round + seed) % 3 != 0) ::raise(SIGKILL);
      });
      if ((round + seed) % 3 != 0)
        victim.join_killed();
      else
        victim.join();
    }
  });
  wait_for_clean(2, slot);
}

TEST("watcher: a forked child that destroys what it inherited stops nobody from watching") {
  auto participant = join_watching();
  Child([&] { participant.reset(); }).join();
  Victim victim;
  victim.child.kill();
  wait_for_clean(1);
}

TEST("watcher: threads of one process each watch for themselves, and end when they leave") {
  Victim other;
  {
    std::vector<std::unique_ptr<Participant>> several;
    for (int i = 0; i < 8; ++i) several.push_back(join_watching());
    CHECK_EQUAL(DomainBytes().taken_rows(), 9u);
    other.child.kill();
    wait_for_rows(8);
    several.erase(several.begin(), several.begin() + 6);
    CHECK_EQUAL(DomainBytes().taken_rows(), 2u);
  }
  CHECK_EQUAL(rests_of(::getpid(), "babus-watch"), 0u);
  CHECK_EQUAL(DomainBytes().taken_rows(), 0u);
}

TEST("watcher: who watches nobody is not counted") {
  const auto watcher = join_watching();
  std::vector<std::shared_ptr<Participant>> idle;
  for (int i = 0; i < 20; ++i) idle.push_back(join("idle"));
  Victim victim(hold_loans);
  wait_for_rows(22);
  victim.child.kill();
  wait_for_clean(21);
}

// Eight of them would hide the victim from the one before, had each gone on to be counted.
TEST("watcher: who lost its descriptors is counted no more, once anybody has come or gone") {
  const Keeper watcher;  // in a process of its own: one that has threads had better not fork
  std::vector<std::unique_ptr<Keeper>> blind;
  for (int i = 0; i < 9; ++i) blind.push_back(std::make_unique<Keeper>(close_all_but_pipes));
  Victim victim(hold_loans);
  wait_for_rows(11);
  join("comes and goes");
  const DomainBytes domain;
  const auto counted = [&] {
    uint32_t count = 0;
    for (const Row& row : domain->rows) count += row.watches.load_seq();
    return count;
  };
  while (counted() != 1) std::this_thread::yield();
  victim.child.kill();
  wait_for_clean(10);
}

TEST("watcher: a death is seen although the seven watchers before it are stopped") {
  const Keeper watcher;  // in a process of its own: one that has threads had better not fork
  std::vector<std::unique_ptr<Keeper>> stopped;
  for (int i = 0; i < 7; ++i) stopped.push_back(std::make_unique<Keeper>());
  Victim victim(hold_loans);
  wait_for_rows(9);
  for (const auto& keeper : stopped) {
    keeper->child.signal(SIGSTOP);
    keeper->child.await_stop();
  }
  victim.child.kill();
  wait_for_clean(8);
  for (const auto& keeper : stopped) keeper->child.kill();
}

TEST("watcher: one that watches everybody sees a death behind others who watch nobody") {
  const Participant launcher(temp_root(), kDomain, "launcher", true, Role::kMember, Watching::kEverybody);
  std::vector<std::shared_ptr<Participant>> idle;
  for (int i = 0; i < 5; ++i) idle.push_back(join("idle"));
  Victim victim(hold_loans);
  wait_for_rows(7);
  victim.child.kill();
  wait_for_clean(6);
}
