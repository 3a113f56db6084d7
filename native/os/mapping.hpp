#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "os/fault_guard.hpp"
#include "os/fd.hpp"
#include "os/file.hpp"

namespace babus::os {

// A file mapped shared into this process. Address space alone: pages are taken as they are touched. Touching
// a page that the file has lost reads zeros, and is_damaged() is true from then on.
class Mapping {
 public:
  Mapping() noexcept = default;
  // `stray_write` says who wrote to what, should anybody write to a mapping of Access::kRead. That ends the
  // process.
  Mapping(const Fd& file, uint64_t bytes, Access access, const std::string& name,
          const std::string& stray_write = {});
  Mapping(Mapping&& other) noexcept
      : address_(std::exchange(other.address_, nullptr)),
        bytes_(std::exchange(other.bytes_, 0)),
        guard_(std::move(other.guard_)) {}
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(address_, other.address_);
    std::swap(bytes_, other.bytes_);
    std::swap(guard_, other.guard_);
    return *this;
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  std::byte* data() const noexcept { return static_cast<std::byte*>(address_); }
  uint64_t size() const noexcept { return bytes_; }
  // True once somebody touched a page that the file has not: it was cut short, or its memory was taken away.
  bool is_damaged() const noexcept { return guard_ && guard_->is_damaged(); }
  // Takes the pages of a range now, so that none is waited for when it is written to. What cannot be had now
  // is had at the first touch, as ever.
  void populate(uint64_t offset, uint64_t bytes) const noexcept;
  template <typename T>
  T* at(uint64_t offset) const noexcept {
    return reinterpret_cast<T*>(data() + offset);
  }

 private:
  void* address_ = nullptr;
  uint64_t bytes_ = 0;
  std::unique_ptr<FaultGuard> guard_;
};

uint64_t page_bytes() noexcept;

}  // namespace babus::os
