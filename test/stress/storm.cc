#include <sched.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "core/domain.hpp"
#include "os/clock.hpp"
#include "players.hpp"
#include "steps/world.hpp"
#include "support/random.hpp"
#include "support/slots.hpp"
#include "support/steps.hpp"

// Random processes are killed, stopped and continued at random instants, thousands of times. Every few
// seconds all hold still, and everything is checked.
namespace babus::test::storm {
namespace {

constexpr uint64_t kNsPerSecond = 1'000'000'000;
constexpr uint64_t kBetweenChecksNs = 3 * kNsPerSecond;
constexpr uint64_t kLongestStopNs = kNsPerSecond / 5;

double minutes() {
  const char* text = std::getenv("BABUS_STRESS_MINUTES");
  const double number = text ? std::strtod(text, nullptr) : 0;
  return number > 0 ? number : 3;
}

uint64_t seed() {
  const char* text = std::getenv("BABUS_STRESS_SEED");
  return text ? std::strtoull(text, nullptr, 10) : os::monotonic_ns();
}

struct Chair {
  std::unique_ptr<Child> child;
  uint64_t continue_at_ns = 0;  // 0: it runs
};

class Storm {
 public:
  explicit Storm(uint64_t seed) : sky_(shared<Sky>()), random_(seed) {
    for (uint32_t seat = 0; seat < kSeats; ++seat) seat_anew(seat);
  }

  void rage(uint64_t until_ns) {
    for (uint64_t next_check = os::monotonic_ns() + kBetweenChecksNs; os::monotonic_ns() < until_ns;) {
      strike();
      check_nobody_failed();
      const timespec pause{0, static_cast<long>(random_.below(2'000'000))};
      ::nanosleep(&pause, nullptr);
      if (os::monotonic_ns() < next_check) continue;
      hold_still_and_check();
      next_check = os::monotonic_ns() + kBetweenChecksNs;
    }
  }

  void end() {
    continue_all();
    sky_.board.stopping = 1;
    wake_sleepers();
    for (Chair& chair : chairs_) chair.child->join();
    recover();
    CHECK_EQUAL(DomainBytes().taken_rows(), 0u);
    CHECK_EQUAL(DomainBytes().sleeping_rows(), 0u);
    for (uint32_t slot = 0; slot < kSlotCount; ++slot) {
      check_slot_clean(slot_config(slot), 0, 0);
      check_ring(slot_config(slot));
      Child([slot] { check_quotas(slot_config(slot)); }).join();
    }
    CHECK(core::remove_domain(temp_root(), kDomain));
    CHECK(!os::open_folder(domain_path()));
  }

  void report() const {
    const auto passes = [&](sync::Step step) {
      return static_cast<unsigned long long>(sky_.steps[static_cast<uint32_t>(step)]);
    };
    std::printf("  %llu kills, %llu stops, %llu messages published, %llu taken, %llu missed, %llu joins, ",
                kills_, stops_, static_cast<unsigned long long>(sky_.published),
                static_cast<unsigned long long>(sky_.taken), static_cast<unsigned long long>(sky_.missed),
                static_cast<unsigned long long>(sky_.joined));
    std::printf("%llu recoveries of a slot, %llu checks\n", passes(sync::Step::kRecoverHelped), checks_);
  }

 private:
  void seat_anew(uint32_t seat) {
    sky_.seats[seat].parked = 0;
    sky_.seats[seat].position = ~uint64_t{0};  // until it reads
    const uint64_t seed = random_.next();
    chairs_[seat].child = std::make_unique<Child>(
        [this, seat, seed] { report_to(sky_.board, "a player", [&] { play(sky_, seat, seed); }); });
    chairs_[seat].continue_at_ns = 0;
  }

  void strike() {
    const uint64_t now = os::monotonic_ns();
    for (Chair& chair : chairs_)
      if (chair.continue_at_ns != 0 && chair.continue_at_ns < now) go_on(chair);
    const auto seat = static_cast<uint32_t>(random_.below(kSeats));
    Chair& chair = chairs_[seat];
    if (random_.one_in(3)) {
      if (chair.continue_at_ns != 0) return;
      chair.child->signal(SIGSTOP);
      chair.continue_at_ns = now + 1 + random_.below(kLongestStopNs);
      ++stops_;
      return;
    }
    chair.child->kill();  // a stopped one too
    ++kills_;
    seat_anew(seat);
  }

  static void go_on(Chair& chair) {
    chair.child->signal(SIGCONT);
    chair.continue_at_ns = 0;
  }
  void continue_all() {
    for (Chair& chair : chairs_)
      if (chair.continue_at_ns != 0) go_on(chair);
  }

  void check_nobody_failed() const {
    if (sky_.board.failed) throw Failure(sky_.board.failure);
    for (const Chair& chair : chairs_)
      if (chair.child->has_ended()) throw Failure("a process that nobody killed has ended");
  }

  void recover() const {
    Child([] { join("recoverer")->recover_the_dead(); }).join();
  }
  void wake_sleepers() const {
    Child([] {
      const auto participant = join("waker");
      for (uint32_t slot = 0; slot < kSlotCount; ++slot) {
        core::Publisher publisher(participant->attach(slot_config(slot)));
        publish_stamped(publisher, {~uint64_t{0}, os::monotonic_ns()});
      }
    }).join();
  }

  void await_parked(bool sleepers) {
    wait_until(sky_.board, "all to hold still", [&] {
      check_nobody_failed();
      for (uint32_t seat = 0; seat < kSeats; ++seat)
        if ((kind_of(seat) == Kind::kSleeper) == sleepers && !sky_.seats[seat].parked) return false;
      return true;
    });
  }

  // Nobody publishes any more: each sleeper must come to the newest message by itself.
  void await_sleepers() {
    for (uint32_t seat = 0; seat < kSeats; ++seat) {
      if (kind_of(seat) != Kind::kSleeper) continue;
      const ControlFile file(slot_config(slot_of(seat)));
      wait_until(sky_.board, "a sleeper to be woken", [&] {
        check_nobody_failed();
        return sky_.seats[seat].parked || sky_.seats[seat].position + 1 == file.header().head.load_seq();
      });
    }
  }

  void hold_still_and_check() {
    continue_all();
    sky_.board.pausing = 1;
    await_parked(false);
    recover();
    await_sleepers();
    wake_sleepers();
    await_parked(true);
    const DomainBytes domain;
    wait_until(sky_.board, "the rows of the dead to be free", [&] { return domain.taken_rows() == kSeats; });
    CHECK_EQUAL(domain.sleeping_rows(), 0u);
    for (uint32_t slot = 0; slot < kSlotCount; ++slot) {
      const ControlFile file(slot_config(slot));
      CHECK_EQUAL(file.count_states(1), 0u);
      check_ring(slot_config(slot));
      check_free_rows(slot_config(slot));
    }
    ++checks_;
    sky_.board.pausing = 0;
  }

  Sky& sky_;
  Random random_;
  Chair chairs_[kSeats];
  unsigned long long kills_ = 0, stops_ = 0, checks_ = 0;
};

}  // namespace

TEST("storm: thousands of processes are killed and stopped at random, and nobody else is hurt") {
  const double long_ns = minutes() * 60 * static_cast<double>(kNsPerSecond);
  ::alarm(static_cast<unsigned>(minutes() * 60) + 240);  // the harness's own is too short
  const uint64_t chosen = seed();
  std::printf("  seed %llu, %.1f minutes\n", static_cast<unsigned long long>(chosen), minutes());
  Storm storm(chosen);
  try {
    storm.rage(os::monotonic_ns() + static_cast<uint64_t>(long_ns));
    storm.end();
  } catch (...) {
    storm.report();
    throw;
  }
  storm.report();
}

}  // namespace babus::test::storm
