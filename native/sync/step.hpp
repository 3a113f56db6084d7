#pragma once
#include <cstdint>

// The places in the protocols where a participant may die or be stopped with something half done. Each has a
// name; a build with BABUS_TEST_STEPS calls out at each of them, so that a test can kill or stop a process
// exactly there. In every other build they cost nothing.
namespace babus::sync {

// X(name in code, name for people): after which action the step lies.
#define BABUS_STEPS(X)                    \
  X(kClaimLooked, "claim.looked")         \
  X(kClaimSwapped, "claim.swapped")       \
  X(kClaimRefused, "claim.refused")       \
  X(kClaimDone, "claim.done")             \
  X(kFillReserved, "fill.reserved")       \
  X(kFillZeroed, "fill.zeroed")           \
  X(kDiscardDone, "discard.done")         \
  X(kCommitStamped, "commit.stamped")     \
  X(kCommitPublished, "commit.published") \
  X(kCommitStated, "commit.stated")       \
  X(kCommitAdvanced, "commit.advanced")   \
  X(kCommitHelped, "commit.helped")       \
  X(kWakeCounted, "wake.counted")         \
  X(kWakeDone, "wake.done")               \
  X(kPinLooked, "pin.looked")             \
  X(kPinAnnounced, "pin.announced")       \
  X(kPinHeld, "pin.held")                 \
  X(kPinMissed, "pin.missed")             \
  X(kReleaseDone, "release.done")         \
  X(kRecoverUnpinned, "recover.unpinned") \
  X(kRecoverStated, "recover.stated")     \
  X(kRecoverFreed, "recover.freed")       \
  X(kRecoverHelped, "recover.helped")     \
  X(kWakeOwnCounted, "wake.own_counted")  \
  X(kSleepAnnounced, "sleep.announced")   \
  X(kSleepLooked, "sleep.looked")         \
  X(kSleepWoken, "sleep.woken")           \
  X(kSleepRetracted, "sleep.retracted")   \
  X(kBellMade, "bell.made")               \
  X(kBellRung, "bell.rung")               \
  X(kJoinOpened, "join.opened")           \
  X(kJoinLocked, "join.locked")           \
  X(kJoinRowLocked, "join.row_locked")    \
  X(kJoinRowWritten, "join.row_written")  \
  X(kJoinTaken, "join.taken")             \
  X(kJoinDone, "join.done")               \
  X(kLeaveBegin, "leave.begin")           \
  X(kLeaveFreed, "leave.freed")           \
  X(kReapLocked, "reap.locked")           \
  X(kReapSlots, "reap.slots")             \
  X(kReapRetracted, "reap.retracted")     \
  X(kReapWoken, "reap.woken")             \
  X(kReapFreed, "reap.freed")             \
  X(kCreateClaimed, "create.claimed")     \
  X(kCreateNamed, "create.named")         \
  X(kCreateAnnounced, "create.announced") \
  X(kCreateDataMade, "create.data_made")  \
  X(kCreateMade, "create.control_made")   \
  X(kCreateCurrent, "create.current")     \
  X(kCreateDone, "create.done")           \
  X(kAttachAdded, "attach.row_added")     \
  X(kAttachLooked, "attach.looked")       \
  X(kReplaceClosing, "replace.closing")   \
  X(kReplaceLooked, "replace.looked")     \
  X(kReplaceSwapped, "replace.swapped")   \
  X(kReplaceRemoved, "replace.removed")

enum class Step : uint32_t {
#define BABUS_STEP_ENUM(name, text) name,
  BABUS_STEPS(BABUS_STEP_ENUM)
#undef BABUS_STEP_ENUM
      kCount
};

#ifdef BABUS_TEST_STEPS
void reached(Step step) noexcept;  // the tests' own: test/native/support/steps.cc
#else
inline void reached(Step) noexcept {}
#endif

}  // namespace babus::sync
