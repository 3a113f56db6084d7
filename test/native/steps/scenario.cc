#include "steps/scenario.hpp"

#include <signal.h>

#include <cstdlib>

#include "support/slots.hpp"

namespace babus::test {
namespace {

constexpr uint64_t kGoOn = 300;        // messages of each of the others at each stage of a scenario
constexpr uint32_t kWritersOfOne = 3;  // a scenario's: the victim, its guest, corpses
constexpr uint32_t kCorpsesAtOnce = 1;

// BABUS_STEPS_NTH: up to which passing; test:stress asks for more of them.
uint32_t passings() {
  const char* text = std::getenv("BABUS_STEPS_NTH");
  const long number = text ? std::strtol(text, nullptr, 10) : 0;
  return number > 0 ? static_cast<uint32_t>(number) : 3;
}

std::string describe(const Role& role, sync::Step step, uint32_t nth, Fate fate) {
  static constexpr const char* kFates[] = {"killed", "killed alone", "stopped and continued",
                                           "stopped and killed"};
  return std::string("the ") + role.name + " is " + kFates[static_cast<uint32_t>(fate)] + " at " +
         name_of(step) + ", passing " + std::to_string(nth);
}

// A newcomer finds room, publishes and reads, in the slot of all and in the victim's own.
void visit(Board& board, const Part& victim, uint64_t writer) {
  const auto participant = join("guest");
  core::Publisher publisher(participant->attach(main_slot()));
  core::Subscription subscription(participant->attach(main_slot()));
  board.throttle(publisher.slot(), [] { return false; });
  board.publish(publisher, writer);
  for (uint32_t loan = 0; loan < publisher.slot().geometry().loans_per_publisher; ++loan) publisher.loan(64);
  uint32_t pins = 0;
  while (pins < publisher.slot().geometry().pins_per_reader) {
    core::Message message;
    if (!subscription.at(subscription.newest(), message)) continue;
    read_payload(subscription, message);
    ++pins;
  }
  core::Publisher own(participant->attach(config(victim.own_slot())));
  core::Subscription own_reader(participant->attach(config(victim.own_slot())));
  const uint64_t sequence = publish(own, 77);
  core::Message message;
  CHECK(own_reader.at(sequence, message));
  CHECK_EQUAL(value_of(own_reader, message), 77u);
}

class Scenario {
 public:
  Scenario(World& world, const Role& role, const Part& part, Fate fate)
      : world_(world), board_(world.board()), role_(role), part_(part), fate_(fate) {}

  void run() {
    if (is_alone()) world_.pause("the last victim");
    Child victim([&] { report_to(board_, role_.name, [&] { role_.play(part_); }); });
    await_step(victim);
    if (is_killed())
      victim.join_killed();
    else
      suffer_stop(victim);
    if (is_alone()) {
      recover();
      world_.await_keeper("the victim is recovered");
      check_ring(main_slot());
    } else {
      if (part_.nth % 2 == 0)
        recover();  // by who happens to join
      else
        await_residents_alone();  // by the one that watches
      world_.progress(kGoOn, "the victim is gone");
    }
    receive();
    world_.pause("the victim is gone");
    check();
    world_.resume();
  }

 private:
  bool is_alone() const { return fate_ == Fate::kKilledAlone; }
  bool is_killed() const { return part_.signal == SIGKILL; }

  void await_step(const Child& victim) {
    const auto there = [&] { return victim.has_ended() || victim.has_stopped(); };
    if (!role_.needs_corpses) return wait_until(board_, "the victim to reach the step", there);
    wait_until(board_, "the victim to find somebody dead", [&] {
      for (uint32_t i = 0; i < kCorpsesAtOnce && !there(); ++i) {
        settle_writer(part_.writer + 2);
        Child([&] {
          report_to(board_, "a corpse", [&] { die_holding_everything(board_, part_.writer + 2); });
        }).join_killed();
      }
      return there();
    });
  }

  // What a dead writer had published for sure, and perhaps one more, has been read; the next of its name
  // starts after that.
  void settle_writer(uint64_t writer) {
    Writer& w = board_.writers[writer];
    if (w.started == w.returned) return;
    const uint64_t dead_at = board_.kept + kSlotDepth;
    wait_until(board_, "the last message of the dead", [&] {
      world_.check_alive();
      return w.seen == w.started || board_.kept > dead_at;
    });
    w.returned = w.started = w.seen.load();
  }

  // While it is stopped nobody waits for it, not even who comes anew.
  void suffer_stop(Child& victim) {
    CHECK(victim.has_stopped());
    world_.progress(kGoOn, "the victim is stopped");
    receive();
    if (fate_ == Fate::kStoppedThenKilled) return victim.kill();
    board_.finished = static_cast<uint32_t>(part_.writer);
    victim.signal(SIGCONT);
    victim.join();
  }

  void recover() const {
    Child([] { join("passer-by")->recover_the_dead(); }).join();
    await_residents_alone();
    for (const auto& slot : {main_slot(), side_slot()}) check_free_rows(slot);
  }

  void await_residents_alone() const {
    const DomainBytes domain;
    wait_until(board_, "the rows of the dead to be free", [&] { return domain.taken_rows() == 4; });
  }

  void receive() {
    Child guest([&] { report_to(board_, "a guest", [&] { visit(board_, part_, part_.writer + 1); }); });
    wait_until(board_, "a guest to come and go", [&] {
      world_.check_alive();
      return guest.has_ended();
    });
    guest.join();
  }

  void check() {
    await_residents_alone();
    world_.check_clean();
    check_ring(main_slot());
    check_slot_clean(side_slot(), 0, 0);
    check_slot_clean(config(part_.own_slot()), 0, 0);
    const Writer& w = board_.writers[part_.writer];
    CHECK(w.seen >= w.returned && w.seen <= w.started);
    const Writer& guest = board_.writers[part_.writer + 1];
    CHECK_EQUAL(guest.seen.load(), guest.returned.load());
  }

  World& world_;
  Board& board_;
  const Role& role_;
  const Part part_;
  const Fate fate_;
};

}  // namespace

void run_victim(World& world, const Role& role, sync::Step step, uint32_t nth, Fate fate, uint64_t writer) {
  const bool killed = fate == Fate::kKilled || fate == Fate::kKilledAlone;
  const Part part{world.board(), writer, step, nth, killed ? SIGKILL : SIGSTOP};
  try {
    Scenario(world, role, part, fate).run();
  } catch (...) {
    throw Failure(describe(role, step, nth, fate) + ": " + describe_current_exception());
  }
}

namespace {

// Which sleeper the others have to wake is a matter of the step, else each kind has its turn.
core::SleepMode keeper_mode(sync::Step step, uint64_t writer) {
  const std::string_view name = name_of(step);
  if (name == "wake.own_counted") return core::SleepMode::kOwnWord;
  if (name == "bell.rung") return core::SleepMode::kDoorbell;
  if (name == "wake.counted" || name == "wake.done") return core::SleepMode::kEventWord;
  return static_cast<core::SleepMode>(writer % 3);
}

void run_step(const Role& role, sync::Step step, Fate fate, uint64_t first_writer) {
  World world(keeper_mode(step, first_writer));
  Child([] { join("maker")->attach(side_slot()); }).join();
  uint64_t writer = first_writer;
  for (uint32_t nth = 1; nth <= passings(); ++nth, writer += kWritersOfOne)
    run_victim(world, role, step, nth, fate, writer);
  world.stop();
  CHECK_EQUAL(DomainBytes().taken_rows(), 0u);
  for (const auto& slot : {main_slot(), side_slot()}) check_slot_clean(slot, 0, 0);
  Child([] { check_quotas(main_slot()); }).join();
  Child([] { CHECK(core::remove_domain(temp_root(), kDomain)); }).join();
}

}  // namespace

void run_role(const std::string& name, Fate fate) {
  const auto& all = roles();
  const auto role = std::find_if(all.begin(), all.end(), [&](const Role& each) { return each.name == name; });
  CHECK(role != all.end());
  uint64_t step_number = 0;
  for (const sync::Step step : steps_of(*role, fate == Fate::kKilledAlone))
    run_step(*role, step, fate, 2 + step_number++);
}

}  // namespace babus::test
