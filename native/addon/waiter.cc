#include "addon/waiter.hpp"

#include <thread>
#include <utility>

#include "addon/doorbell_mechanism.hpp"
#include "addon/thread_mechanism.hpp"
#include "core/doorbell.hpp"
#include "os/clock.hpp"
#include "os/error.hpp"

namespace babus::addon {
namespace {

// News that is there when its reader is done is handed over at once, so long; then the loop has a turn.
constexpr uint64_t kServeNs = 1'000'000;

// Messages keep coming while they are no further apart than so many times the spinning.
constexpr uint64_t kBusyGapInSpins = 4;

constexpr int kLooksPerClock = 16;

// A publisher that shares our core gets it at once, and again so often; between, one on another core is heard
// without the system call that giving way is.
constexpr uint64_t kGiveWayNs = 5'000;

// Begins with the first look, which comes when a reader left something: most wakes need no clock.
bool is_over(uint64_t& end_ns) noexcept {
  const uint64_t now_ns = os::monotonic_ns();
  if (end_ns == 0) end_ns = now_ns + kServeNs;
  return now_ns >= end_ns;
}

void relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

}  // namespace

std::shared_ptr<Waiter> Waiter::make(core::Participant& participant, const WakeOptions& options,
                                     const Napi::Function& on_wake, std::function<void()> before_wake,
                                     const LoopUsePtr& use) {
  std::shared_ptr<Waiter> waiter(new Waiter(options, on_wake, std::move(before_wake)));
  waiter->open(participant, use);
  return waiter;
}

Waiter::Waiter(const WakeOptions& options, const Napi::Function& on_wake, std::function<void()> before_wake)
    : options_(options),
      handles_(new LoopHandles(on_wake.Env(), this, [](void* self) { static_cast<Waiter*>(self)->close(); })),
      on_wake_(std::make_unique<LoopCallback>(on_wake, "babus.waiter")),
      before_wake_(std::move(before_wake)) {}

Waiter::~Waiter() { close(); }

void Waiter::open(core::Participant& participant, const LoopUsePtr& use) {
  soon_ = handles_->add<uv_idle_t>(uv_idle_init);
  uv_unref(reinterpret_cast<uv_handle_t*>(soon_));
  mechanism_ = make_mechanism(participant, use);
  mechanism_name_ = mechanism_->name();
}

std::unique_ptr<WakeMechanism> Waiter::make_mechanism(core::Participant& participant, const LoopUsePtr& use) {
  if (options_.mode != WakeMode::kAuto) return make_mechanism(options_.mode, participant, use);
  // In a worker the parent asks libuv how busy its loop is, and cannot be told what the loop slept elsewhere.
  const bool may_loop = handles_->loop() == uv_default_loop() && !use->is_taken;
  for (const WakeMode mode : {WakeMode::kLoop, WakeMode::kDoorbell}) {
    if (mode == WakeMode::kLoop ? !may_loop : !core::may_have_doorbell(participant)) continue;
    try {
      return make_mechanism(mode, participant, use);
    } catch (const os::SystemError&) {
      continue;  // out of descriptors or threads, or a file system without FIFOs
    }
  }
  return make_mechanism(WakeMode::kThread, participant, use);
}

std::unique_ptr<WakeMechanism> Waiter::make_mechanism(WakeMode mode, core::Participant& participant,
                                                      const LoopUsePtr& use) {
  Listener& listener = *this;
  if (mode == WakeMode::kLoop) return std::make_unique<LoopMechanism>(participant, *handles_, listener, use);
  if (mode == WakeMode::kDoorbell)
    return std::make_unique<DoorbellMechanism>(participant, *handles_, listener);
  return std::make_unique<ThreadMechanism>(participant, *handles_, listener);
}

void Waiter::close() noexcept {
  if (handles_ == nullptr) return;
  disarm();
  watches_.clear();  // slots must not outlive their participant
  // Handles first: libuv must not poll a descriptor that is closed.
  handles_->close();
  handles_ = nullptr;
  mechanism_.reset();
  if (!serving_) on_wake_.reset();
}

void Waiter::keep_alive(bool keep) noexcept {
  if (handles_ == nullptr) return;
  if (keep)
    uv_ref(mechanism_->keeper());
  else
    uv_unref(mechanism_->keeper());
}

void Waiter::watch(Watches watches) noexcept {
  disarm();
  watches_ = std::move(watches);
}

void Waiter::arm() {
  disarm();
  armed_ = true;
  if (!serving_ && !watches_.empty()) serve_soon();
}

void Waiter::disarm() noexcept {
  if (handles_ == nullptr) return;
  if (soon_ != nullptr) uv_idle_stop(soon_);
  if (listening_) mechanism_->stop();
  listening_ = false;
  armed_ = false;
}

void Waiter::on_news() {
  listening_ = false;
  serve(true);
}

// The reader may close us, and drop the last reference to us.
void Waiter::serve(bool is_news) {
  const auto self = shared_from_this();
  uint64_t end_ns = 0;
  serving_ = true;
  for (bool first = true; armed_ && !watches_.empty(); first = false) {
    if (!is_news && !comes_soon() && !mechanism_->listen(watches_)) {
      listening_ = true;
      break;
    }
    if (!first && is_over(end_ns)) {
      serve_soon();
      break;
    }
    is_news = false;
    armed_ = false;
    note_wake();
    before_wake_();
    on_wake_->call();
  }
  serving_ = false;
  if (handles_ == nullptr) on_wake_.reset();
}

void Waiter::serve_soon() noexcept {
  uv_idle_start(soon_, [](uv_idle_t* handle) {
    uv_idle_stop(handle);
    static_cast<Waiter*>(handle->data)->serve(false);
  });
}

// Looks before anybody is told that we listen, and goes on looking when it was asked to and nobody else waits
// for the loop.
bool Waiter::comes_soon() noexcept {
  if (core::Sleeper::has_news(watches_)) return true;
  if (options_.spin_ns == 0 || (options_.spin_while_busy && gap_ns_ > kBusyGapInSpins * options_.spin_ns))
    return false;
  if (mechanism_->loop_timeout_ms() == 0) return false;
  uint64_t now_ns = os::monotonic_ns();
  const uint64_t end_ns = now_ns + options_.spin_ns;
  for (uint64_t give_way_ns = now_ns; now_ns < end_ns; now_ns = os::monotonic_ns()) {
    if (now_ns >= give_way_ns) {
      std::this_thread::yield();
      give_way_ns = os::monotonic_ns() + kGiveWayNs;
    }
    for (int turn = 0; turn < kLooksPerClock; ++turn) {
      if (core::Sleeper::has_news(watches_)) return true;
      relax();
    }
  }
  return false;
}

void Waiter::note_wake() noexcept {
  if (!options_.spin_while_busy) return;
  const uint64_t now_ns = os::monotonic_ns();
  gap_ns_ = now_ns - last_wake_ns_;
  last_wake_ns_ = now_ns;
}

}  // namespace babus::addon
