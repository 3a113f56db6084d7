#pragma once
#include <memory>
#include <set>

#include "core/participant.hpp"

namespace babus::addon {

// Something opened through a participant that must be closed before the participant leaves.
class Closable {
 public:
  virtual ~Closable() = default;
  // `may_call_js` is false while the environment is being torn down.
  virtual void close(bool may_call_js) = 0;
};

// A participant and all that is open through it. Shared by their JavaScript objects, which the collector
// frees in any order.
struct Attachment {
  core::Participant participant;
  std::set<Closable*> open;
  bool has_waiter = false;

  void close_all(bool may_call_js) {
    while (!open.empty()) (*open.begin())->close(may_call_js);
  }
};

using AttachmentPtr = std::shared_ptr<Attachment>;

}  // namespace babus::addon
