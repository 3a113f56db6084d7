#include "support/sleepers.hpp"

#include <algorithm>
#include <thread>

namespace babus::test {

std::vector<core::Sleeper::Watch> watch(const core::Subscription& subscription) {
  return {{subscription.slot().shared_from_this(), subscription.position()}};
}

core::SlotConfig wide(const std::string& name) {
  core::SlotConfig out = config(name);
  out.max_readers = 64;
  out.max_publishers = 64;
  return out;
}

void await_sleepers(uint32_t count) {
  const DomainBytes domain;
  while (domain.sleeping_rows() != count) std::this_thread::yield();
}

std::vector<std::string> bells() {
  auto files = os::list_folder(domain_folder(), domain_path());
  std::erase_if(files, [](const std::string& file) { return !core::is_bell(file); });
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace babus::test
