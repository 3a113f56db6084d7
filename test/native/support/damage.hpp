#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "os/mapping.hpp"
#include "support/random.hpp"

namespace babus::test {

// A file of the domain laid open, and spoilt as somebody could who may write to it: single bits and bytes,
// words that are special, stretches of nonsense, of zeros, or of what stands elsewhere.
class SpoiltFile {
 public:
  explicit SpoiltFile(const std::string& file);
  // Somewhere in the first `bytes` of the file; all of it when there are less.
  void spoil(Random& random, uint64_t bytes);
  void cut(uint64_t bytes) const;
  uint64_t size() const { return map_.size(); }

 private:
  std::string name_;
  os::Fd fd_;
  os::Mapping map_;
};

}  // namespace babus::test
