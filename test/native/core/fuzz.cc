#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "core/inspection.hpp"
#include "core/sleeper.hpp"
#include "support/child.hpp"
#include "support/damage.hpp"
#include "support/random.hpp"
#include "support/slots.hpp"

// Control words that hold anything at all. Each round makes a domain, spoils one of its files from a seed,
// and does everything with it that there is to do: no crash, no hang, and no harm to a slot whose files are
// sound. BABUS_FUZZ_ROUNDS asks for more rounds, BABUS_FUZZ_SEED for other ones.
namespace {

using namespace babus::core;
using namespace babus::test;

constexpr uint64_t kRounds = 200;          // of each test
constexpr uint64_t kRoundsOfAWorker = 50;  // one that crashes costs no more than these
constexpr unsigned kWatchdogSeconds = 60;  // of a worker

uint64_t from_environment(const char* name, uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value ? std::strtoull(value, nullptr, 10) : otherwise;
}

// A domain with a sound slot, one to be spoilt, and a row whose participant died with something in hand.
struct Scene {
  explicit Scene(Random& random) : beside(config("beside"), "beside"), slot(config()) {
    slot.max_bytes = random.one_in(2) ? 64 : 6000;
    slot.depth = static_cast<uint32_t>(1 + random.below(6));
    ends = std::make_unique<Ends>(slot, "spoilt");
    for (uint64_t i = random.below(12); i > 0; --i) publish(ends->publisher, i);
    die();
  }

  // As one that was killed: a row that nobody holds the lock of.
  void die() {
    const DomainBytes domain;
    Row& row = domain->rows[200];
    row.pid = 0x7fffffff;
    row.attached.add(0);
    for (uint32_t i = 0; i < kSlots; ++i)
      if (domain->directory[i].name_hash.load_seq() != 0) row.attached.add(i);
    row.state.store_seq(1);
    const ControlFile control(slot);
    control.header().readers.add(200);
    control.hazard(200, 0).store_seq(1);
  }

  Ends beside;
  SlotConfig slot;
  std::unique_ptr<Ends> ends;
};

// What a node does with a slot; each step may be refused.
void use(Ends& ends, Random& random) {
  Message message;
  const auto read = [&](bool found) {
    if (!found) return;
    std::atomic<uint64_t> sum{0};
    const std::byte* payload = ends.subscription.payload(message.buffer);
    for (uint64_t i = 0; i < message.length; i += 64) sum += static_cast<uint64_t>(payload[i]);
    if (!random.one_in(8)) ends.subscription.release(message.pin);
  };
  switch (random.below(8)) {
    case 0:
    case 1:
      publish(ends.publisher, 1);
      return;
    case 2:
      ends.publisher.discard(ends.publisher.loan(8));
      return;
    case 3:
      return read(ends.subscription.at(ends.subscription.newest() - random.below(4), message));
    case 4:
      return read(ends.subscription.at(random.next() >> random.below(64), message));
    case 5: {
      Sleeper sleeper(*ends.participant);
      sleeper.sleep({{ends.subscription.slot().shared_from_this(), ends.subscription.position()}}, 1);
      return;
    }
    default:
      return read(ends.subscription.take(message));
  }
}

void use_domain(Scene& scene, Random& random) {
  switch (random.below(4)) {
    case 0: {
      Ends late(scene.slot, "late");
      publish(late.publisher, 1);
      take_value(late.subscription);
      return;
    }
    case 1:
      inspect(temp_root(), kDomain);
      return;
    case 2:
      scene.beside.participant->recover_the_dead();
      return;
    default:
      scene.ends->participant->attach("a/b");
  }
}

void check_sound(Scene& scene) {
  for (uint64_t i = 1; i <= 12; ++i) {
    publish(scene.beside.publisher, i);
    CHECK_EQUAL(take_value(scene.beside.subscription), i);
  }
  CHECK(!inspect(temp_root(), kDomain).slots.empty());
}

struct Plan {
  bool domain = false;     // spoil the domain file instead of the slot's
  bool meanwhile = false;  // and all the time
};

std::string spoilt_file(const Scene& scene, const Plan& plan, Random& random) {
  if (plan.domain) return "domain";
  const Control& control = scene.ends->publisher.slot().control();
  return random.one_in(4) ? control.data_file() : control.file_name();
}

// Mostly where the words are dense.
uint64_t region(const SpoiltFile& file, Random& random) {
  constexpr uint64_t kRegions[] = {1024, 4096, 16384};
  return random.one_in(4) ? file.size() : kRegions[random.below(3)];
}

// Returns how many steps were refused.
uint64_t round(const Plan& plan, uint64_t seed) {
  uint64_t refusals = 0;
  Random random(seed);
  Scene scene(random);
  {
    SpoiltFile file(spoilt_file(scene, plan, random));
    if (random.one_in(12)) file.cut(random.below(file.size()));
    for (uint64_t i = random.below(16); i > 0; --i) file.spoil(random, region(file, random));
    std::atomic<bool> enough{!plan.meanwhile};
    std::thread spoiling([&, other = Random(~seed)]() mutable {
      while (!enough) file.spoil(other, region(file, other));
    });
    for (int i = 0; i < 40; ++i)
      if (!thrown_by([&] {
             random.one_in(8) ? use_domain(scene, random) : use(*scene.ends, random);
           }).empty())
        ++refusals;
    enough = true;
    spoiling.join();
  }
  try {
    check_sound(scene);
  } catch (...) {
    if (!plan.domain) throw;  // every slot needs the domain
  }
  return refusals;
}

void start_anew() {
  const babus::os::Fd folder = domain_folder();
  for (const auto& file : babus::os::list_folder(folder, domain_path())) babus::os::remove_file(folder, file);
}

void fuzz(const Plan& plan) {
  const uint64_t rounds = from_environment("BABUS_FUZZ_ROUNDS", kRounds);
  const uint64_t first = from_environment("BABUS_FUZZ_SEED", 1);
  auto& seed = shared<std::atomic<uint64_t>>();
  auto& refusals = shared<std::atomic<uint64_t>>();
  for (uint64_t begin = first; begin < first + rounds; begin += kRoundsOfAWorker) {
    ::alarm(2 * kWatchdogSeconds);
    const uint64_t end = std::min(begin + kRoundsOfAWorker, first + rounds);
    Child worker([&] {
      ::alarm(kWatchdogSeconds);
      for (seed = begin; seed < end; ++seed) {
        refusals += round(plan, seed);
        start_anew();
      }
    });
    try {
      worker.join();
    } catch (const Failure& failure) {
      throw Failure(std::string(failure.what()) +
                    "; again with BABUS_FUZZ_ROUNDS=1 BABUS_FUZZ_SEED=" + std::to_string(seed));
    }
  }
  CHECK(rounds < 50 || refusals > rounds);  // or nothing was spoilt
}

}  // namespace

TEST("fuzz: whatever stands in the files of a slot, only that slot is refused") { fuzz({}); }

TEST("fuzz: whatever somebody writes into the files of a slot all the time, only that slot suffers") {
  fuzz({.meanwhile = true});
}

TEST("fuzz: whatever stands in the file of a domain, nobody crashes or hangs") { fuzz({.domain = true}); }

TEST("fuzz: whatever somebody writes into the file of a domain all the time, nobody crashes or hangs") {
  fuzz({.domain = true, .meanwhile = true});
}
