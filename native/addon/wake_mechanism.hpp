#pragma once
#include <uv.h>

#include <vector>

#include "core/sleeper.hpp"

namespace babus::addon {

using Watches = std::vector<core::Sleeper::Watch>;

// How the loop's thread hears of news while it is elsewhere, or asleep. Sleeper bits are set between listen()
// and news alone, so a busy reader costs publishers no system call. All on the loop's thread.
class WakeMechanism {
 public:
  // Who is called back, once for each listen() that returned false.
  class Listener {
   public:
    virtual void on_news() = 0;

   protected:
    ~Listener() = default;
  };

  virtual ~WakeMechanism() = default;
  virtual const char* name() const noexcept = 0;
  // True: there is news already, and nothing was begun. `watches`, not empty, stay in place until on_news()
  // or stop().
  virtual bool listen(const Watches& watches) = 0;
  // On return no on_news() comes until the next listen(). Does nothing outside a listen().
  virtual void stop() noexcept = 0;
  // The handle that keeps the process alive.
  virtual uv_handle_t* keeper() noexcept = 0;
  // What uv_backend_timeout() says, but for handles of the mechanism's own: 0 when others wait for the loop.
  virtual int loop_timeout_ms() noexcept = 0;
};

}  // namespace babus::addon
