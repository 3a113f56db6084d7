#include "steps/world.hpp"

#include <sched.h>
#include <sys/wait.h>

#include <algorithm>
#include <set>

#include "core/inspection.hpp"
#include "core/sleeper.hpp"
#include "support/random.hpp"
#include "support/slots.hpp"
#include "support/steps.hpp"

namespace babus::test {
namespace {

using core::Message;
using core::Publisher;
using core::Subscription;

constexpr uint32_t kPerturbed = 16;  // one step of so many lets others run
constexpr uint32_t kResidents = 4;
constexpr uint32_t kPublishers = 2;

// Everybody who holds nothing while the board says so; the reader that keeps up just has nothing to do.
void park(Board& board) {
  ++board.parked;
  while (board.pausing && !board.stopping) ::sched_yield();
  --board.parked;
}

void publish_on(Board& board, uint64_t writer) {
  perturb(writer, kPerturbed);
  // One of them watches for deaths on behalf of all.
  const auto participant =
      std::make_unique<core::Participant>(temp_root(), kDomain, "publisher", true, core::Role::kMember,
                                          writer == 0 ? core::Watching::kOn : core::Watching::kOff);
  Publisher publisher(participant->attach(main_slot()));
  ++board.ready;
  Random random(writer);
  while (!board.stopping) {
    if (board.pausing) park(board);
    board.throttle(publisher.slot(), [&] { return board.stopping || board.pausing; });
    if (random.one_in(8)) publisher.discard(publisher.loan(0));
    board.publish(publisher, writer);
  }
  board.publish(publisher, writer);  // wakes the reader, who sees that all are to leave
}

// Must be woken for each message: none is found by chance.
void keep_up(Board& board, core::SleepMode mode) {
  perturb(10, kPerturbed);
  const auto participant = join("keeper");
  Subscription subscription(participant->attach(main_slot()));
  core::Sleeper sleeper(*participant, mode);
  ++board.ready;
  for (;;) {
    Message message;
    while (subscription.take(message)) {
      CHECK_EQUAL(message.missed, 0u);
      CHECK_EQUAL(message.sequence, board.kept + 1);
      board.see(subscription, message);
      subscription.release(message.pin);
      board.kept = message.sequence;
    }
    if (board.stopping) return;  // looked at after the last take: each publisher still publishes then
    sleeper.sleep({{subscription.slot().shared_from_this(), subscription.position()}});
    CHECK_EQUAL(sleeper.unwoken(), 0u);
  }
}

// Takes what it can get, and holds each message while its other pin is used.
void lag(Board& board) {
  perturb(11, kPerturbed);
  const auto participant = join("laggard");
  Subscription subscription(participant->attach(main_slot()));
  std::vector<std::pair<Message, Stamp>> held;
  const auto let_go = [&](size_t keep) {
    while (held.size() > keep) {
      const auto& [message, stamp] = held.front();
      CHECK_EQUAL(read_payload(subscription, message).counter, stamp.counter);  // it did not change
      subscription.release(message.pin);
      held.erase(held.begin());
    }
  };
  board.covered = subscription.position();
  ++board.ready;
  Random random(11);
  while (!board.stopping) {
    if (board.pausing) {
      let_go(0);
      park(board);
    }
    Message message;
    if (random.one_in(64)) ::sched_yield();
    if (subscription.take(message)) {
      CHECK_EQUAL(message.sequence, board.covered + message.missed + 1);
      board.missed += message.missed;
      held.emplace_back(message, read_payload(subscription, message));
      board.covered = message.sequence;
    } else {
      ::sched_yield();
    }
    let_go(random.below(2));
  }
  let_go(0);
}

}  // namespace

World::World(core::SleepMode mode) : board_(shared<Board>()) {
  const auto start = [&](const char* who, const std::function<void()>& body) {
    children_.emplace_back([&, body] { report_to(board_, who, body); });
    wait_until(board_, who, [&] { return board_.ready == children_.size(); });
  };
  start("the reader that keeps up", [&] { keep_up(board_, mode); });
  start("the reader that lags", [&] { lag(board_); });
  for (uint64_t writer = 0; writer < kPublishers; ++writer)
    start("a publisher", [&, writer] { publish_on(board_, writer); });
}

World::~World() = default;  // kills who is left

void World::progress(uint64_t messages, const std::string& meanwhile) const {
  uint64_t published[kPublishers];
  for (uint32_t i = 0; i < kPublishers; ++i) published[i] = board_.writers[i].returned + messages;
  const uint64_t kept = board_.kept + messages;
  const uint64_t covered = board_.covered + messages;
  wait_until(board_, "everybody to go on while " + meanwhile, [&] {
    check_alive();
    return published[0] <= board_.writers[0].returned && published[1] <= board_.writers[1].returned &&
           kept <= board_.kept && covered <= board_.covered;
  });
}

void World::pause(const std::string& meanwhile) const {
  board_.pausing = 1;
  wait_until(board_, "everybody to let go after " + meanwhile, [&] { return board_.parked == 3; });
  await_keeper(meanwhile);
}

void World::await_keeper(const std::string& meanwhile) const {
  const ControlFile file(main_slot());
  wait_until(board_, "the reader to be woken and take all after " + meanwhile,
             [&] { return board_.kept + 1 == file.header().head.load_seq(); });
}

void World::resume() const {
  board_.pausing = 0;
  wait_until(board_, "everybody to start again", [&] { return board_.parked == 0; });
}

void World::check_alive() const {
  for (const Child& child : children_)
    if (child.has_ended()) throw Failure("a process that nobody killed has ended");
}

void World::stop() {
  board_.stopping = 1;
  for (Child& child : children_) child.join();
}

namespace {

// Whatever lies in the domain's folder belongs to a slot, or to a participant that lives.
void check_files(const core::DomainFile& domain) {
  std::multiset<std::string> wanted{"domain"};
  for (const auto& slot : core::inspect(temp_root(), kDomain).slots) {
    wanted.insert(slot.name + ".ctl");
    wanted.insert(slot.name + ".dat");
  }
  std::multiset<std::string> found;
  for (const std::string& file : os::list_folder(domain_folder(), domain_path())) {
    if (file.starts_with("bell.")) {
      CHECK_EQUAL(domain.rows[std::stoul(file.substr(5))].state.load_seq(), 1u);
      continue;
    }
    std::string name = file;
    const size_t at = name.find('@');
    if (at != std::string::npos) name = name.substr(0, at) + name.substr(name.rfind('.'));
    found.insert(name);
  }
  for (const std::string& name : found)
    if (wanted.count(name) < found.count(name)) throw Failure("a file was left: " + name);
  CHECK(found == wanted);
}

}  // namespace

void World::check_clean() const {
  check_slot_clean(main_slot(), 2, kPublishers);
  const DomainBytes domain;
  CHECK_EQUAL(domain.taken_rows(), kResidents);
  for (const sync::RowSet& sleepers : domain->header.sleepers)
    sleepers.each([&](uint32_t row) {
      CHECK_EQUAL(domain->rows[row].state.load_seq(), 1u);
      return true;
    });
  for (const core::Row& row : domain->rows)
    if (row.state.load_seq() == 1) CHECK_EQUAL(row.creating.load_seq(), 0u);
  check_files(*domain);
}

}  // namespace babus::test
