#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "os/fd.hpp"
#include "os/file.hpp"

namespace babus::os {

// A file mapped shared into this process. Address space alone: pages are taken as they are touched.
class Mapping {
 public:
  Mapping() noexcept = default;
  Mapping(const Fd& file, uint64_t bytes, Access access, const std::string& name);
  Mapping(Mapping&& other) noexcept
      : address_(std::exchange(other.address_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(address_, other.address_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  std::byte* data() const noexcept { return static_cast<std::byte*>(address_); }
  uint64_t size() const noexcept { return bytes_; }
  template <typename T>
  T* at(uint64_t offset) const noexcept {
    return reinterpret_cast<T*>(data() + offset);
  }

 private:
  void* address_ = nullptr;
  uint64_t bytes_ = 0;
};

uint64_t page_bytes() noexcept;

}  // namespace babus::os
