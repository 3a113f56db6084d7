#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

// What the benchmark programs of the core share. Each prints one JSON object a line; test/bench/core.ts makes
// a table of them.
namespace babus::bench {

// One thing to time: prepares itself when made, is run for a number of operations, and cleans up at its end.
struct Case {
  std::string suite;
  std::string name;
  // Does `count` operations.
  std::function<void(uint64_t count)> run;
};

struct Figure {
  std::string suite;
  std::string name;
  double p50_ns = 0;  // of rounds: the median of the mean time of one operation
  double least_ns = 0;
  double most_ns = 0;
};

// Times all cases in turns, round after round, so that what disturbs the machine disturbs them alike.
std::vector<Figure> time_in_turns(const std::vector<Case>& cases, uint64_t operations, int rounds);

Figure figure_of(const std::string& suite, const std::string& name, std::vector<double>& times_ns);

void print(const Figure& figure);

// A folder of its own on the file system of shared memory, removed at the end with all that is in it.
class Root {
 public:
  Root();
  ~Root();
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;
  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

uint64_t now_ns();

}  // namespace babus::bench
