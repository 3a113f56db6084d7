#pragma once
#include <cstdint>
#include <memory>
#include <optional>

#include "addon/loop_handles.hpp"
#include "addon/wake_mechanism.hpp"
#include "core/fd_watch.hpp"

namespace babus::addon {

// What an environment's loop is used for. One mechanism may sleep for it: two would each take the other's
// idle handle for work that waits.
struct LoopUse {
  bool is_taken = false;
  uint64_t slept_ns = 0;  // all together; libuv counts it as work
};

using LoopUsePtr = std::shared_ptr<LoopUse>;

// The loop's own thread sleeps on its futex word, where it would else poll: so a publisher's wake is all
// there is between a message and its handler. A thread looks after what the loop polls meanwhile.
//
// It sleeps in a check phase, which comes right after polling, and only if uv_backend_timeout() says that the
// loop would have nothing to do but to poll: no timer is due, no immediate or closing handle waits, no
// descriptor is new. An idle handle that is active whenever the loop is left makes its own polling return at
// once.
class LoopMechanism : public WakeMechanism {
 public:
  // Throws ERR_BABUS_ARGUMENT when somebody sleeps for this loop already, and SystemError.
  LoopMechanism(core::Participant& participant, LoopHandles& handles, Listener& listener, LoopUsePtr use);
  ~LoopMechanism() override;

  const char* name() const noexcept override { return "loop"; }
  bool listen(const Watches& watches) override;
  void stop() noexcept override;
  uv_handle_t* keeper() noexcept override { return reinterpret_cast<uv_handle_t*>(check_); }
  int loop_timeout_ms() noexcept override;

 private:
  void stay_awake() noexcept;
  void rest();
  std::optional<core::Sleeper::Woken> look_or_sleep();
  std::optional<core::Sleeper::Woken> peek_once() noexcept;
  bool hand_over(std::optional<core::Sleeper::Woken> woken);

  // Taken while it lives.
  class Claim {
   public:
    explicit Claim(LoopUsePtr use);
    ~Claim() { use_->is_taken = false; }
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;
    void add_slept(uint64_t ns) noexcept { use_->slept_ns += ns; }

   private:
    LoopUsePtr use_;
  };

  uv_loop_t* loop_;
  Claim claim_;
  Listener& listener_;
  core::Sleeper sleeper_;
  core::FdWatch watch_;
  const Watches* watches_ = nullptr;  // while listening
  uv_idle_t* idle_ = nullptr;
  uv_check_t* check_ = nullptr;
  uint64_t turn_ends_ns_ = 0;
  bool* gone_ = nullptr;  // while resting: told when the listener closes us meanwhile
};

}  // namespace babus::addon
