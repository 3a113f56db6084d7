#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/domain.hpp"
#include "core/slot.hpp"
#include "core/watcher.hpp"

namespace babus::core {

// Viewers are tools that look on: they read slots as others do, but keep no domain alive.
enum class Role { kMember, kViewer };

// Whether threads of its own look out for the deaths of others. Who does not watch recovers the dead when it
// needs what they held.
// Whose deaths to look out for: of the next three rows, or of everybody, which is for launchers: the three
// before a row may be stopped, or programs that watch nobody.
enum class Watching { kOff, kOn, kEverybody };

// One attached thread: a row of the domain, held by a lock that dies with the process. Used by one thread;
// only the waiter's thread touches the row's sleeper bits beside it.
class Participant {
 public:
  // Joins, making the domain if `create` is set; recovers the dead rows it finds first. Throws
  // ERR_BABUS_DOMAIN_MISSING, ERR_BABUS_SLOT_FULL when all 256 rows are taken.
  Participant(const std::string& root, const std::string& domain, const std::string& name, bool create,
              Role role = Role::kMember, Watching watching = Watching::kOff);
  ~Participant();
  Participant(const Participant&) = delete;
  Participant& operator=(const Participant&) = delete;

  uint32_t row() const noexcept { return row_; }
  uint64_t generation() const noexcept { return generation_; }
  Domain& domain() const noexcept { return *domain_; }

  // True once the domain's files were removed: nothing new will ever come. Happens to viewers alone.
  bool is_retired() const noexcept { return domain_->is_retired(); }

  // Attaches to a slot, creating it if needed (viewers create none: ERR_BABUS_SLOT_MISSING), or replacing one
  // that nobody uses and that has other settings; the same object while any user of it lives. Throws
  // ERR_BABUS_SLOT_CONFIG or ERR_BABUS_SCHEMA_MISMATCH when one with other settings is in use.
  std::shared_ptr<Slot> attach(const SlotConfig& config);
  // Attaches to a slot as it is. Throws ERR_BABUS_SLOT_MISSING.
  std::shared_ptr<Slot> attach(const std::string& slot);

  // Gives back what every dead participant of the domain held. Called at join, at attach, and when buffers
  // ran short.
  void recover_the_dead() const;

 private:
  void take_row(const std::string& name, Role role, bool watches);
  uint32_t index_of(const std::string& name) const;
  bool try_row(uint32_t index, const std::string& name, Role role, bool watches);
  void give_row_back() noexcept;
  std::shared_ptr<Slot> attach_index(uint32_t index);

  std::shared_ptr<Domain> domain_;
  uint32_t row_ = kRows;
  uint64_t generation_ = 0;
  std::vector<std::weak_ptr<Slot>> slots_;  // by directory index, as far as they were attached
  std::unique_ptr<Watcher> watcher_;
};

}  // namespace babus::core
