#pragma once
#include <unistd.h>

#include <functional>
#include <string>
#include <string_view>

#include "support/child.hpp"
#include "support/slots.hpp"

// Participants that are going to die, and what they may hold then.
namespace babus::test {

// A participant in a process of its own that got into some state and stays there.
struct Victim {
  explicit Victim(const std::function<void(Ends&)>& get_there = [](Ends& ends) { ends.publisher.loan(8); })
      : child([this, get_there] {
          Ends ends(config(), "victim");
          get_there(ends);
          there.give();
          wait_for_death();
        }) {
    there.await();
  }
  Signal there;
  Child child;
};

inline void hold_loans(Ends& ends) {
  ends.publisher.loan(8);
  ends.publisher.reserve(ends.publisher.loan(8), 64);
}

// As one that is killed right after the moment of publication.
inline void publish_halfway(Ends& ends) {
  const ControlFile file;
  publish(ends.publisher, 1);
  const uint32_t buffer = ends.publisher.loan(8);
  const uint64_t value = 2;
  std::memcpy(ends.publisher.payload(buffer), &value, sizeof value);
  const uint64_t next = file.header().head.load_seq();
  stamp(ends.publisher, buffer, next, 8);
  file.word(next).store_seq(file.ring_word(next, buffer));
}

// As a program does that closes whatever it did not open itself.
inline void close_domain_files() {
  for (int fd = 3; fd < 256; ++fd) {
    char path[512] = {};
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    if (::readlink(link.c_str(), path, sizeof path - 1) > 0 && std::string_view(path).ends_with("/domain"))
      ::close(fd);
  }
}

}  // namespace babus::test
