#include "bench.hpp"

#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "os/clock.hpp"

namespace babus::bench {

uint64_t now_ns() { return os::monotonic_ns(); }

std::vector<Figure> time_in_turns(const std::vector<Case>& cases, uint64_t operations, int rounds) {
  std::vector<std::vector<double>> times(cases.size());
  for (const Case& one : cases) one.run(operations / 10 + 1);
  for (int round = 0; round < rounds; ++round)
    for (size_t i = 0; i < cases.size(); ++i) {
      const uint64_t start = now_ns();
      cases[i].run(operations);
      times[i].push_back(static_cast<double>(now_ns() - start) / static_cast<double>(operations));
    }
  std::vector<Figure> figures;
  for (size_t i = 0; i < cases.size(); ++i)
    figures.push_back(figure_of(cases[i].suite, cases[i].name, times[i]));
  return figures;
}

Figure figure_of(const std::string& suite, const std::string& name, std::vector<double>& times_ns) {
  std::sort(times_ns.begin(), times_ns.end());
  return {suite, name, times_ns[times_ns.size() / 2], times_ns.front(), times_ns.back()};
}

void print(const Figure& figure) {
  std::printf("{\"suite\":\"%s\",\"name\":\"%s\",\"p50_ns\":%.1f,\"least_ns\":%.1f,\"most_ns\":%.1f}\n",
              figure.suite.c_str(), figure.name.c_str(), figure.p50_ns, figure.least_ns, figure.most_ns);
  std::fflush(stdout);
}

Root::Root() : path_("/dev/shm/babus-bench-XXXXXX") {
  if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no folder can be made in /dev/shm");
}

Root::~Root() {
  std::error_code ignored;  // what is left is said by whoever looks into the folder; a destructor cannot
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace babus::bench
