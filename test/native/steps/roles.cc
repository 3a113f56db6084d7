#include "steps/roles.hpp"

#include <sched.h>
#include <signal.h>

#include <algorithm>
#include <memory>

#include "core/sleeper.hpp"
#include "support/random.hpp"
#include "support/slots.hpp"

namespace babus::test {
namespace {

using core::Message;
using core::Participant;
using core::Publisher;
using core::Subscription;

constexpr uint32_t kPerturbed = 8;  // one step of so many lets others run
// More than the passings asked for: each makes a slot that was not there.
constexpr uint32_t kOwnSlots = 16;

void publish_throttled(const Part& part, Publisher& publisher) {
  part.board.throttle(publisher.slot(), [&] { return part.over(); });
  part.board.publish(publisher, part.writer);
}

// With one loan open, so that a buffer is there to be lost whenever it dies.
void play_publisher(const Part& part) {
  const auto participant = join("victim");
  Publisher publisher(participant->attach(main_slot()));
  Publisher side(participant->attach(side_slot()));
  part.arm();
  while (!part.over()) {
    const uint32_t kept = side.loan(8);
    publish_throttled(part, publisher);
    side.discard(side.loan(8));
    side.commit(kept, 8);
  }
}

// Asks for the message that is about to leave the ring, too: it may go between two looks.
void play_reader(const Part& part) {
  const auto participant = join("victim");
  Subscription subscription(participant->attach(main_slot()));
  part.arm();
  while (!part.over()) {
    Message next, oldest;
    const bool taken = subscription.take(next);
    const uint64_t newest = subscription.newest();
    if (newest > kSlotDepth && subscription.at(newest - kSlotDepth + 1, oldest)) {
      read_payload(subscription, oldest);
      subscription.release(oldest.pin);
    }
    if (!taken) continue;
    read_payload(subscription, next);
    subscription.release(next.pin);
  }
}

struct Guest {
  explicit Guest(const char* name)
      : participant(join(name)),
        publisher(participant->attach(main_slot())),
        subscription(participant->attach(main_slot())) {}
  std::unique_ptr<Participant> participant;
  Publisher publisher;
  Subscription subscription;
};

void play_joiner(const Part& part) {
  part.arm();
  while (!part.over()) {
    Guest guest("victim");
    publish_throttled(part, guest.publisher);
    Message message;
    if (guest.subscription.at(guest.subscription.newest(), message))
      read_payload(guest.subscription, message);
  }
}

// Leaves with everything still open.
void play_leaver(const Part& part) {
  bool armed = false;
  while (!part.over()) {
    Guest guest("victim");
    guest.publisher.loan(100);
    publish_throttled(part, guest.publisher);
    Message message;
    guest.subscription.at(guest.subscription.newest(), message);
    if (!std::exchange(armed, true)) part.arm();
  }
}

void play_creator(const Part& part) {
  part.arm();
  for (uint32_t round = 0; !part.over(); ++round) {
    const auto participant = join("victim");
    const core::SlotConfig slot =
        config(part.own_slot() + (round ? "x" + std::to_string(round % kOwnSlots) : ""));
    Publisher publisher(participant->attach(slot));
    Subscription subscription(participant->attach(slot));
    publish(publisher, round + 1);
    Message message;
    CHECK(subscription.at(subscription.newest(), message));
  }
}

// A slot that nobody else uses, with another depth each time.
void play_replacer(const Part& part) {
  part.arm();
  for (uint32_t round = 0; !part.over(); ++round) {
    const auto participant = join("victim");
    core::SlotConfig slot = config(part.own_slot() + "x");
    slot.depth += round % 2;
    Publisher publisher(participant->attach(slot));
    publish(publisher, round + 1);
  }
}

// In every way there is, by turns.
void play_sleeper(const Part& part) {
  const auto participant = join("victim");
  Subscription subscription(participant->attach(main_slot()));
  part.arm();
  for (uint32_t round = 0; !part.over(); ++round) {
    core::Sleeper sleeper(*participant, static_cast<core::SleepMode>((part.writer + round) % 3));
    sleeper.sleep({{subscription.slot().shared_from_this(), subscription.position()}});
    Message message;
    while (subscription.take(message)) {
      read_payload(subscription, message);
      subscription.release(message.pin);
    }
  }
}

// Whoever joins recovers the dead first.
void play_recoverer(const Part& part) {
  part.arm();
  while (!part.over()) join("victim")->recover_the_dead();
}

// Steps whose other side is played above perturb themselves: each passing may come in between anywhere.
template <void (*play)(const Part&)>
void perturbed(const Part& part) {
  perturb(part.writer, kPerturbed);
  play(part);
}

}  // namespace

const std::vector<Role>& roles() {
  static const std::vector<Role> all{
      {"publisher",
       perturbed<play_publisher>,
       {"claim", "fill", "discard", "commit", "wake", "bell.rung"},
       false,
       {"claim.refused", "commit.helped"}},
      {"reader", perturbed<play_reader>, {"pin", "release"}},
      {"joiner", perturbed<play_joiner>, {"join", "attach", "claim.done", "commit.published", "pin.held"}},
      {"leaver", perturbed<play_leaver>, {"leave", "discard", "release"}},
      {"creator", perturbed<play_creator>, {"create", "attach", "commit.advanced"}},
      {"replacer", perturbed<play_replacer>, {"replace", "create.data_made", "attach.row_added"}},
      {"sleeper", perturbed<play_sleeper>, {"sleep", "bell.made", "pin.announced", "release"}},
      {"recoverer", perturbed<play_recoverer>, {"recover", "reap"}, true},
  };
  return all;
}

std::vector<sync::Step> steps_of(const Role& role, bool alone) {
  std::vector<sync::Step> steps;
  for (uint32_t i = 0; i < static_cast<uint32_t>(sync::Step::kCount); ++i) {
    const auto step = static_cast<sync::Step>(i);
    const std::string_view name = name_of(step);
    const auto listed = [&](const std::vector<std::string_view>& list) {
      return std::any_of(list.begin(), list.end(), [&](std::string_view each) {
        return each == name || each == name.substr(0, name.find('.'));
      });
    };
    if (listed(role.reaches) && !(alone && listed(role.needs_others))) steps.push_back(step);
  }
  return steps;
}

void die_holding_everything(Board& board, uint64_t writer) {
  Guest guest("corpse");
  Publisher side(guest.participant->attach(side_slot()));
  Subscription side_reader(guest.participant->attach(side_slot()));
  publish(side, 1);
  Message message, other;
  side_reader.take(message);
  guest.subscription.at(guest.subscription.newest(), other);
  side.loan(8);
  guest.publisher.loan(5000);
  guest.participant->domain().events().announce(guest.participant->row(), ~uint32_t{0});
  board.throttle(guest.publisher.slot(), [] { return false; });
  signal_at(sync::Step::kCommitPublished, 1, SIGKILL);
  board.publish(guest.publisher, writer);
}

}  // namespace babus::test
