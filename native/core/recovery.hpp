#pragma once
#include <cstdint>
#include <string>

#include "core/domain.hpp"

namespace babus::core {

// If the participant of `row` is dead, gives back its pins, claims, unfinished files, sleeper bits and
// places, wakes the sleepers and frees the row. Several may do this at once, and any of them may stop or die
// at any step. True when the row was dead. The row stays taken only when we lacked the means (descriptors,
// memory): then look again later.
//
// `locks` is the opening of the domain file that the row's lock is taken through. Threads of one participant
// need one each: locks belong to the opening, so of two that share one the first to finish would let go for
// both.
bool recover_if_dead(const Domain& domain, uint32_t row, const os::Fd& locks);

// False when the program has closed the opening of the domain file, so that locks say nothing: its number may
// be another file's now.
bool has_own_locks(const Domain& domain);

// By the participant's own thread.
inline bool recover_if_dead(const Domain& domain, uint32_t row) {
  return recover_if_dead(domain, row, domain.file());
}

// For who looks at a domain without taking part: recovers whoever is dead there. Returns how many were; 0 too
// when we may only read. Throws ERR_BABUS_DOMAIN_MISSING.
uint32_t recover_domain(const std::string& root, const std::string& name);

// Tells those who watch that a row was taken or freed.
void announce_membership(const Domain& domain) noexcept;

}  // namespace babus::core
