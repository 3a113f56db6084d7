#pragma once
#include <cstdint>
#include <string>

#include "core/doorbell.hpp"

namespace babus::core {

// Wakes those who sleep in a domain, each in the way its row says: all that sleep on the event word by one
// system call, each that sleeps on its own word, or waits for its doorbell, by one of its own. Any thread may
// call it.
class Waker {
 public:
  explicit Waker(const Domain& domain) noexcept : domain_(domain) {}

  // Before anybody is woken, as soon as the folder is there.
  void prepare();

  // After the head of a slot with that bit moved. Nobody sleeps: no system call, no write to shared memory.
  void wake(uint32_t bit) noexcept;
  // Everybody, whatever they wait for: they look again and, finding nothing, sleep on.
  void wake_all() noexcept;

 private:
  bool is_on_event_word(uint32_t row) noexcept;

  const Domain& domain_;
  Bells bells_;
};

}  // namespace babus::core
