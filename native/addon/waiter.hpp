#pragma once
#include <functional>
#include <memory>

#include "addon/loop_callback.hpp"
#include "addon/loop_handles.hpp"
#include "addon/loop_mechanism.hpp"
#include "addon/wake_mechanism.hpp"
#include "addon/wake_options.hpp"

namespace babus::addon {

// Armed with what its reader has seen, it calls on_wake once, on the loop's thread and never from within
// arm(), and rests until it is armed again. All on that thread.
class Waiter : public std::enable_shared_from_this<Waiter>, private WakeMechanism::Listener {
 public:
  // Throws ERR_BABUS_ARGUMENT for a doorbell that this participant cannot have, and SystemError.
  // `before_wake` is called before on_wake, and only while the waiter is open.
  static std::shared_ptr<Waiter> make(core::Participant& participant, const WakeOptions& options,
                                      const Napi::Function& on_wake, std::function<void()> before_wake,
                                      const LoopUsePtr& use);
  ~Waiter();

  // What it looks after; each one's `seen` is the owner's to keep right, while the waiter is not armed.
  void watch(Watches watches) noexcept;
  Watches& watches() noexcept { return watches_; }
  void arm();
  void disarm() noexcept;
  // For good; may be called within on_wake.
  void close() noexcept;
  // Whether it keeps the process alive; it does from its start on.
  void keep_alive(bool keep) noexcept;
  const char* mechanism() const noexcept { return mechanism_name_; }

 private:
  Waiter(const WakeOptions& options, const Napi::Function& on_wake, std::function<void()> before_wake);
  void open(core::Participant& participant, const LoopUsePtr& use);
  std::unique_ptr<WakeMechanism> make_mechanism(core::Participant& participant, const LoopUsePtr& use);
  std::unique_ptr<WakeMechanism> make_mechanism(WakeMode mode, core::Participant& participant,
                                                const LoopUsePtr& use);
  void on_news() override;
  void serve(bool is_news);
  void serve_soon() noexcept;
  bool comes_soon() noexcept;
  void note_wake() noexcept;

  const WakeOptions options_;
  LoopHandles* handles_;
  uv_idle_t* soon_ = nullptr;  // runs while there is something to do in the loop's next turn
  std::unique_ptr<LoopCallback> on_wake_;
  const std::function<void()> before_wake_;
  std::unique_ptr<WakeMechanism> mechanism_;
  const char* mechanism_name_ = "";
  Watches watches_;
  uint64_t last_wake_ns_ = 0;
  uint64_t gap_ns_ = ~uint64_t{0};  // between the last two wakes
  bool armed_ = false;
  bool listening_ = false;
  bool serving_ = false;
};

}  // namespace babus::addon
