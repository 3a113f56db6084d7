#include "core/fd_watch.hpp"

#include <poll.h>
#include <unistd.h>

#include <memory>
#include <thread>

#include "core/sleeper.hpp"
#include "support/sleepers.hpp"
#include "support/slots.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;

struct Pipe {
  Pipe() { CHECK_EQUAL(::pipe(ends), 0); }
  ~Pipe() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  void write() const { CHECK_EQUAL(::write(ends[1], "x", 1), 1); }
  void read() const {
    char byte;
    CHECK_EQUAL(::read(ends[0], &byte, 1), 1);
  }
  bool is_readable() const {
    pollfd request{ends[0], POLLIN, 0};
    return ::poll(&request, 1, 0) > 0;
  }
  int ends[2];
};

// What an event loop's thread does: sleeps for messages, and leaves the descriptor to the watch.
struct Sleeping {
  auto watches() const { return watch(ends.subscription); }
  // Until the descriptor is readable; the harness's watchdog ends a wait in vain.
  void sleep_until_readable(FdWatch& on, const Pipe& pipe) {
    do {
      CHECK(on.arm());
      CHECK(sleeper.sleep(watches()) == Woken::kCancelled);
    } while (!pipe.is_readable());
  }
  Ends ends;
  Sleeper sleeper{*ends.participant, SleepMode::kOwnWord};
};

TEST("fd watch: wakes a sleeper when the descriptor is readable, and when it was before") {
  const Pipe pipe;
  Sleeping sleeping;
  FdWatch watch(pipe.ends[0], [&] { sleeping.sleeper.cancel(); });
  std::thread writer([&] { pipe.write(); });
  sleeping.sleep_until_readable(watch, pipe);
  writer.join();
  sleeping.sleep_until_readable(watch, pipe);  // nobody read it
  pipe.read();
  pipe.write();
  sleeping.sleep_until_readable(watch, pipe);
}

TEST("fd watch: a message wakes the sleeper as ever") {
  const Pipe pipe;
  Sleeping sleeping;
  FdWatch watch(pipe.ends[0], [&] { sleeping.sleeper.cancel(); });
  Ends publishing(config());
  std::thread publisher([&] { publish(publishing.publisher, 7); });
  auto woken = Woken::kCancelled;
  while (woken == Woken::kCancelled) {
    watch.arm();
    woken = sleeping.sleeper.sleep(sleeping.watches());
  }
  CHECK(woken == Woken::kNews);
  CHECK_EQUAL(take_value(sleeping.ends.subscription), 7u);
  publisher.join();
}

TEST("fd watch: no readiness is lost, however it falls between arming and sleeping") {
  constexpr int kRounds = 20'000;
  const Pipe pipe;
  const Pipe back;
  Sleeping sleeping;
  FdWatch watch(pipe.ends[0], [&] { sleeping.sleeper.cancel(); });
  std::thread writer([&] {
    for (int round = 0; round < kRounds; ++round) {
      pipe.write();
      back.read();
    }
  });
  for (int round = 0; round < kRounds; ++round) {
    sleeping.sleep_until_readable(watch, pipe);
    pipe.read();
    back.write();
  }
  writer.join();
}

TEST("fd watch: made and ended while the descriptor is readable, and while it is not") {
  const Pipe pipe;
  Sleeping sleeping;
  for (int round = 0; round < 200; ++round) {
    if (round % 2 == 1) pipe.write();
    auto watch = std::make_unique<FdWatch>(pipe.ends[0], [&] { sleeping.sleeper.cancel(); });
    if (round % 3 == 1) watch->arm();
    watch.reset();
    if (round % 2 == 1) pipe.read();
  }
}

}  // namespace
