#include "players.hpp"

#include <sched.h>
#include <time.h>

#include <map>
#include <memory>
#include <vector>

#include "core/sleeper.hpp"
#include "support/random.hpp"
#include "support/slots.hpp"
#include "support/steps.hpp"

namespace babus::test::storm {
namespace {

using core::Message;
using core::Publisher;
using core::Subscription;

constexpr uint32_t kPerturbed = 64;

void rest(uint64_t ns) {
  const timespec time{0, static_cast<long>(ns)};
  ::nanosleep(&time, nullptr);
}

class Player {
 public:
  Player(Sky& sky, uint32_t seat, uint64_t seed)
      : sky_(sky), seat_(sky.seats[seat]), kind_(kind_of(seat)), random_(seed), slot_(slot_of(seat)) {}

  // One life as a participant, from joining to leaving.
  void live() {
    const bool comes_and_goes = kind_ == Kind::kComer;
    const uint32_t slot = comes_and_goes ? static_cast<uint32_t>(random_.below(kSlotCount)) : slot_;
    const auto watching = random_.one_in(2) ? core::Watching::kOn : core::Watching::kOff;
    const auto participant = std::make_unique<core::Participant>(temp_root(), kDomain, "storm", true,
                                                                 core::Role::kMember, watching);
    ++sky_.joined;
    const auto shared = participant->attach(slot_config(slot));
    if (kind_ == Kind::kPublisher || comes_and_goes) publisher_ = std::make_unique<Publisher>(shared);
    if (kind_ != Kind::kPublisher) start_reading(shared);
    core::Sleeper sleeper(*participant, static_cast<core::SleepMode>(random_.below(3)));
    const uint64_t turns = comes_and_goes ? 1 + random_.below(30) : 20'000;
    for (uint64_t turn = 0; turn < turns && !sky_.board.stopping; ++turn) {
      if (sky_.board.pausing) park();
      if (publisher_) write();
      if (subscription_) read(turn);
      if (kind_ == Kind::kSleeper && !sky_.board.stopping && !sky_.board.pausing)
        sleeper.sleep({{shared, subscription_->position()}});
      CHECK_EQUAL(sleeper.unwoken(), 0u);
      if (random_.one_in(8)) rest(random_.below(100'000));
    }
    held_.clear();
    subscription_.reset();
    publisher_.reset();
  }

 private:
  struct Held {
    Message message;
    Stamp stamp;
  };

  void start_reading(const std::shared_ptr<core::Slot>& slot) {
    subscription_ = std::make_unique<Subscription>(slot);
    last_ = subscription_->position();
    seat_.position = last_;
    counters_.clear();
  }

  void write() {
    if (random_.one_in(10)) publisher_->discard(publisher_->loan(8));
    // A name of its own for each life, and for each that follows an error: counters only rise.
    if (counter_ == 0) writer_ = ++sky_.writers;
    publish_stamped(*publisher_, {writer_, ++counter_});
    ++sky_.published;
  }

  // Whoever never lets go keeps all its pins but one.
  size_t keeps() const {
    return kind_ == Kind::kHolder ? subscription_->slot().geometry().pins_per_reader - 1 : 0;
  }

  void read(uint64_t turn) {
    Message message;
    while (subscription_->take(message)) {
      CHECK_EQUAL(message.sequence, last_ + message.missed + 1);
      last_ = message.sequence;
      sky_.missed += message.missed;
      ++sky_.taken;
      const Stamp stamp = read_payload(*subscription_, message);
      CHECK(stamp.counter > std::exchange(counters_[stamp.writer], stamp.counter));
      if (held_.size() < keeps())
        held_.push_back({message, stamp});
      else
        subscription_->release(message.pin);
      seat_.position = last_;
      if (sky_.board.pausing && kind_ != Kind::kSleeper) break;
    }
    if (turn % 16 != 0) return;
    if (counters_.size() > 10'000) counters_.clear();
    for (const Held& held : held_) {  // nothing that is pinned changes
      const Stamp stamp = read_payload(*subscription_, held.message);
      CHECK_EQUAL(stamp.writer, held.stamp.writer);
      CHECK_EQUAL(stamp.counter, held.stamp.counter);
    }
  }

  void park() {
    seat_.parked = 1;
    while (sky_.board.pausing && !sky_.board.stopping) rest(200'000);
    seat_.parked = 0;
  }

  Sky& sky_;
  Seat& seat_;
  const Kind kind_;
  Random random_;
  const uint32_t slot_;
  std::unique_ptr<Publisher> publisher_;
  std::unique_ptr<Subscription> subscription_;
  uint64_t writer_ = 0, counter_ = 0;
  uint64_t last_ = 0;
  std::map<uint64_t, uint64_t> counters_;
  std::vector<Held> held_;
};

}  // namespace

core::SlotConfig slot_config(uint32_t slot) {
  static constexpr uint32_t kDepths[kSlotCount] = {1, 4, 16, 64};
  static constexpr uint64_t kBytes[kSlotCount] = {200, 9000, 1000, 20000};
  core::SlotConfig out = config("storm/" + std::to_string(slot));
  out.depth = kDepths[slot];
  out.max_bytes = kBytes[slot];
  out.max_readers = out.max_publishers = kSeats + 1;
  return out;
}

void play(Sky& sky, uint32_t seat, uint64_t seed) {
  count_steps(sky.steps);
  perturb(seed, kPerturbed);
  Player player(sky, seat, seed);
  while (!sky.board.stopping) player.live();
}

}  // namespace babus::test::storm
