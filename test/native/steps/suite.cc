#include <algorithm>
#include <string>

#include "harness.hpp"
#include "steps/scenario.hpp"

namespace {

using namespace babus::test;

constexpr uint32_t kSteps = static_cast<uint32_t>(babus::sync::Step::kCount);

}  // namespace

TEST("steps: somebody is killed and stopped at each of them") {
  for (uint32_t i = 0; i < kSteps; ++i) {
    const auto step = static_cast<babus::sync::Step>(i);
    const bool covered = std::any_of(roles().begin(), roles().end(), [&](const Role& role) {
      const auto steps = steps_of(role);
      return std::find(steps.begin(), steps.end(), step) != steps.end();
    });
    if (!covered) fail(__FILE__, __LINE__, std::string(name_of(step)) + ": no role of roles.cc reaches it");
  }
}

TEST("steps: a publisher is killed at any of them") { run_role("publisher", Fate::kKilled); }
TEST("steps: a publisher is killed at any of them while nobody else publishes") {
  run_role("publisher", Fate::kKilledAlone);
}
TEST("steps: a publisher is stopped at any of them, and goes on") { run_role("publisher", Fate::kGoesOn); }
TEST("steps: a publisher is stopped at any of them, then killed") {
  run_role("publisher", Fate::kStoppedThenKilled);
}

TEST("steps: a reader is killed at any of them") { run_role("reader", Fate::kKilled); }
TEST("steps: a reader is stopped at any of them, and goes on") { run_role("reader", Fate::kGoesOn); }
TEST("steps: a reader is stopped at any of them, then killed") {
  run_role("reader", Fate::kStoppedThenKilled);
}

TEST("steps: a joiner is killed at any of them") { run_role("joiner", Fate::kKilled); }
TEST("steps: a joiner is stopped at any of them, and goes on") { run_role("joiner", Fate::kGoesOn); }
TEST("steps: a joiner is stopped at any of them, then killed") {
  run_role("joiner", Fate::kStoppedThenKilled);
}

TEST("steps: a leaver is killed at any of them") { run_role("leaver", Fate::kKilled); }
TEST("steps: a leaver is stopped at any of them, and goes on") { run_role("leaver", Fate::kGoesOn); }
TEST("steps: a leaver is stopped at any of them, then killed") {
  run_role("leaver", Fate::kStoppedThenKilled);
}

TEST("steps: a creator is killed at any of them") { run_role("creator", Fate::kKilled); }
TEST("steps: a creator is stopped at any of them, and goes on") { run_role("creator", Fate::kGoesOn); }
TEST("steps: a creator is stopped at any of them, then killed") {
  run_role("creator", Fate::kStoppedThenKilled);
}

TEST("steps: a replacer is killed at any of them") { run_role("replacer", Fate::kKilled); }
TEST("steps: a replacer is stopped at any of them, and goes on") { run_role("replacer", Fate::kGoesOn); }
TEST("steps: a replacer is stopped at any of them, then killed") {
  run_role("replacer", Fate::kStoppedThenKilled);
}

TEST("steps: a sleeper is killed at any of them") { run_role("sleeper", Fate::kKilled); }
TEST("steps: a sleeper is stopped at any of them, and goes on") { run_role("sleeper", Fate::kGoesOn); }
TEST("steps: a sleeper is stopped at any of them, then killed") {
  run_role("sleeper", Fate::kStoppedThenKilled);
}

TEST("steps: a recoverer is killed at any of them") { run_role("recoverer", Fate::kKilled); }
TEST("steps: a recoverer is stopped at any of them, and goes on") { run_role("recoverer", Fate::kGoesOn); }
TEST("steps: a recoverer is stopped at any of them, then killed") {
  run_role("recoverer", Fate::kStoppedThenKilled);
}
