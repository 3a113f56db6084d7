#pragma once
#include <cstddef>
#include <cstdint>

#include "sync/atomic.hpp"
#include "sync/bitmap.hpp"
#include "sync/events.hpp"
#include "sync/histogram.hpp"
#include "sync/ring.hpp"

// Every byte that processes share, as drawn in ../README.md. Nothing here may change without a new
// kLayoutVersion.
namespace babus::core {

constexpr uint32_t kLayoutVersion = 3;
constexpr uint64_t kDomainMagic = 0x314d4f4453554241;  // "ABUSDOM1" in memory
constexpr uint64_t kSlotMagic = 0x31544c5353554241;    // "ABUSSLT1" in memory

constexpr uint32_t kRows = sync::kRows;
constexpr uint32_t kSlots = 1024;
constexpr uint32_t kNameBytes = 128;  // with the final zero
constexpr uint32_t kDomainNameMax = 48;
constexpr uint32_t kDepthMax = 65535;
constexpr uint32_t kMessageHeaderBytes = 64;
constexpr uint64_t kChunkBytesMax = (uint64_t{1} << 32) - 1;  // what one ArrayBuffer of Node may have
constexpr uint64_t kDataBytesMax = uint64_t{1} << 44;         // 16 TiB of address space
constexpr uint32_t kDescriptorBytesMax = 64 * 1024;
constexpr uint64_t kControlBytesMax = uint64_t{16} << 20;  // more than the largest limits come to

// Byte-range locks on the domain file, far beyond its end.
constexpr uint64_t kRowLocks = uint64_t{1} << 32;  // + row: held while its participant lives
constexpr uint64_t kJoinLock = kRowLocks + kRows;  // shared to join, exclusive to remove the domain

struct DomainHeader {
  uint64_t magic;
  uint32_t version;
  uint32_t rows;
  uint32_t slots;
  uint32_t reserved;
  uint64_t created_wall_ns;
  sync::Word32 retired;           // 1: the files are being removed; open the domain anew
  sync::Word64 slot_generations;  // the last one given to files of a slot; each creator takes its own
  alignas(64) sync::Word32 event_word;
  alignas(64) sync::RowSet sleepers[sync::kEventBits];
  alignas(64) sync::Word32 membership;  // a futex; counts up when a row is taken or freed
  std::byte unused[4096 - 128 - sizeof(sync::RowSet) * sync::kEventBits - sizeof(sync::Word32)];
};
static_assert(sizeof(DomainHeader) == 4096);
static_assert(offsetof(DomainHeader, event_word) == 64 && offsetof(DomainHeader, sleepers) == 128);
static_assert(offsetof(DomainHeader, membership) == 1152);

enum class RowState : uint32_t { kFree = 0, kTaken = 1 };
enum class SleepMode : uint32_t { kEventWord = 0, kOwnWord = 1, kDoorbell = 2 };

// One participant. Written by its owner, who holds the row's lock; by others only in recovery.
struct Row {
  sync::Word32 state;
  uint32_t pid;
  sync::Word64 generation;
  uint64_t start_time;
  uint64_t pid_namespace;
  sync::Word32 sleep_mode;
  uint32_t viewer;              // 1: a tool that looks on; it keeps no domain alive
  sync::Word64 filtered_wakes;  // wakes that found nothing new in any slot of this participant
  sync::Word64 creating;        // generation of the slot files that its owner is making; 0: none
  sync::Word32 watches;         // 1: its owner looks out for the deaths of others
  alignas(64) sync::Word32 own_word;
  alignas(64) char name[kNameBytes];
  sync::Bitmap<kSlots> attached;  // so that recovery opens only these
  std::byte unused[128];
};
static_assert(sizeof(Row) == 512 && offsetof(Row, own_word) == 64 && offsetof(Row, name) == 128);
static_assert(offsetof(Row, attached) == 256);

// One slot's place in the domain's directory. The name is written once; `current` is a core::Current.
struct DirectoryEntry {
  sync::Word64 name_hash;  // 0: empty. See core/directory.cc
  sync::Word64 current;    // 0: no files of this slot were made yet
  alignas(64) sync::Word64 name[kNameBytes / 8];
  std::byte unused[64];
};
static_assert(sizeof(DirectoryEntry) == 256 && offsetof(DirectoryEntry, name) == 64);

struct DomainFile {
  DomainHeader header;
  Row rows[kRows];
  DirectoryEntry directory[kSlots];
};
static_assert(sizeof(DomainFile) == 4096 + kRows * 512 + kSlots * 256);

// What the members of a group may do with a slot: nothing, read, or publish too.
enum class GroupMode : uint32_t { kNone = 0, kRead = 1, kWrite = 2 };

enum class Encoding : uint32_t { kStruct = 0, kJson = 1, kBytes = 2 };

// Start of a slot's control file. Everything above `head` is written once, at creation.
struct SlotHeader {
  uint64_t magic;
  uint32_t version;
  uint32_t encoding;
  uint64_t generation;
  uint64_t layout_hash;
  uint32_t depth;
  uint32_t buffers;
  uint32_t max_readers;
  uint32_t pins_per_reader;
  uint32_t max_publishers;
  uint32_t loans_per_publisher;
  uint64_t stride;
  uint64_t max_bytes;
  uint32_t descriptor_bytes;
  uint32_t bit;
  char name[kNameBytes];
  char schema_name[kNameBytes];
  uint32_t access;  // a GroupMode
  uint32_t gid;     // the group that `access` is about
  alignas(64) sync::Word64 head;
  sync::Word32 corrupt;  // 1: somebody met values by which the slot can never go on
  alignas(64) sync::RowSet readers;
  alignas(64) sync::RowSet publishers;
  std::byte unused[1024 - 576];
};
static_assert(sizeof(SlotHeader) == 1024 && offsetof(SlotHeader, head) == 384);
static_assert(offsetof(SlotHeader, corrupt) == 392);
static_assert(offsetof(SlotHeader, readers) == 448 && offsetof(SlotHeader, publishers) == 512);

// What one row did with one slot. One writer each: the row's owner.
struct RowCounters {
  sync::Word64 delivered;
  sync::Word64 missed;
  sync::Word64 filtered;
  sync::Word64 published;
  sync::Word64 published_bytes;
  std::byte unused[24];
  sync::Histogram latency;  // publish to delivery
};
static_assert(sizeof(RowCounters) == 64 + sync::Histogram::kBuckets * 4);

// In front of each payload. Written before the message is published, constant while anyone may read it.
struct MessageHeader {
  uint64_t sequence;
  uint64_t monotonic_ns;
  uint64_t wall_ns;
  uint64_t length;  // bytes of payload: fixed part and tail
  std::byte unused[32];
};
static_assert(sizeof(MessageHeader) == kMessageHeaderBytes);

}  // namespace babus::core
