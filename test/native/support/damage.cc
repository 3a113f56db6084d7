#include "support/damage.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "support/slots.hpp"

namespace babus::test {
namespace {

os::Fd open(const std::string& file) {
  auto fd = os::open_file(domain_folder(), file, os::Access::kReadWrite);
  if (!fd) throw Failure("no file " + file);
  return std::move(*fd);
}

uint64_t special(Random& random) {
  constexpr uint64_t kWords[] = {0,
                                 1,
                                 2,
                                 3,
                                 255,
                                 256,
                                 257,
                                 65535,
                                 65536,
                                 0xffffffff,
                                 uint64_t{1} << 32,
                                 uint64_t{1} << 62,
                                 uint64_t{1} << 63,
                                 ~uint64_t{0},
                                 ~uint64_t{0} - 1};
  return kWords[random.below(std::size(kWords))];
}

}  // namespace

SpoiltFile::SpoiltFile(const std::string& file)
    : name_(file), fd_(open(file)), map_(fd_, os::file_size(fd_, file), os::Access::kReadWrite, file) {}

void SpoiltFile::cut(uint64_t bytes) const { os::resize(fd_, bytes, name_); }

// Word by word: others use them meanwhile.
void SpoiltFile::spoil(Random& random, uint64_t bytes) {
  const uint64_t words = std::min(bytes, map_.size()) / 8;
  auto* const all = map_.at<std::atomic<uint64_t>>(0);
  const auto somewhere = [&]() -> std::atomic<uint64_t>& { return all[random.below(words)]; };
  switch (random.below(7)) {
    case 0:
      somewhere() ^= uint64_t{1} << random.below(64);
      return;
    case 1:
      somewhere() ^= (random.below(255) + 1) << (random.below(8) * 8);
      return;
    case 2:
      somewhere() = special(random);
      return;
    case 3:
      somewhere() = random.next();
      return;
    case 4:
      somewhere() += special(random);
      return;
    case 5:
      somewhere() = all[random.below(words)].load();
      return;
    default: {
      const uint64_t from = random.below(words);
      const uint64_t to = std::min(words, from + 1 + random.below(64));
      const bool zeros = random.one_in(2);
      for (uint64_t i = from; i < to; ++i) all[i] = zeros ? 0 : random.next();
    }
  }
}

}  // namespace babus::test
