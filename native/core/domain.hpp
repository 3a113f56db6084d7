#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/layout.hpp"
#include "core/waker.hpp"
#include "os/file.hpp"
#include "os/fork_guard.hpp"
#include "os/lock.hpp"
#include "os/mapping.hpp"
#include "sync/events.hpp"

namespace babus::core {

// One opening of a domain: its folder, its mapped `domain` file, and the descriptor whose locks are ours.
// Each participant opens the domain for itself, because locks belong to the opening.
class Domain {
 public:
  enum class Mode { kInspect, kJoin, kCreate, kRemove };

  // Opens, or with kCreate makes, root/name; anew if its file is damaged and nobody lives in it. Except for
  // kInspect the join lock is held, shared, until release_join_lock(): while it is, nobody can remove the
  // domain. Throws ERR_BABUS_DOMAIN_MISSING, ERR_BABUS_DOMAIN_VERSION, ERR_BABUS_DOMAIN_CORRUPT,
  // ERR_BABUS_NAME, ERR_BABUS_PERMISSION.
  static std::shared_ptr<Domain> open(const std::string& root, const std::string& name, Mode mode);
  void release_join_lock() {
    os::unlock(file_, kJoinLock, 1);
    os::unlock_folder(folder_);
  }

  // True in a child after a plain fork(), whose guard closed the file: the participant is its parent's.
  bool is_inherited() const noexcept { return !file_; }

  // Whose domain it is, and whether that is the user we act as.
  uint32_t owner() const noexcept { return owner_; }
  bool is_own() const noexcept;

  const std::string& name() const noexcept { return name_; }
  std::string path() const { return root_ + "/" + name_; }
  const os::Fd& folder() const noexcept { return folder_; }
  const os::Fd& file() const noexcept { return file_; }
  DomainHeader& header() const noexcept { return map_.at<DomainFile>(0)->header; }
  Row& row(uint32_t index) const noexcept { return map_.at<DomainFile>(0)->rows[index]; }
  DirectoryEntry& entry(uint32_t index) const noexcept { return map_.at<DomainFile>(0)->directory[index]; }
  sync::Events events() const noexcept { return {header().event_word, header().sleepers}; }
  Waker& waker() const noexcept { return waker_; }

  // A viewer's opening, from the moment it has a row: the domain may be removed under it, and files of the
  // same names in its folder may be a successor's.
  bool looks_on() const noexcept { return looks_on_; }
  void look_on() noexcept { looks_on_ = true; }

  // True once the file `domain` lost pages while it was mapped here, or its start was overwritten.
  bool is_damaged() const noexcept {
    const volatile uint64_t& magic = header().magic;  // looked at each time
    return magic != kDomainMagic || map_.is_damaged();
  }
  // Throws ERR_BABUS_DOMAIN_CORRUPT if it is.
  void check_sound() const;

  bool is_retired() const noexcept { return header().retired.load_acquire() != 0; }  // PAIR retired
  // To be called after a slot's file was opened by its name: files of a successor in the same folder appear
  // only once this domain is retired. Throws ERR_BABUS_DOMAIN_MISSING.
  void check_not_retired() const;

  bool is_taken(uint32_t row) const noexcept {
    return this->row(row).state.load_acquire() == static_cast<uint32_t>(RowState::kTaken);  // PAIR row
  }
  // True when the kernel says that the row's participant cannot run any more.
  bool is_dead(uint32_t row) const;

 private:
  friend bool remove_domain(const std::string& root, const std::string& name);

  Domain(std::string root, std::string name) : root_(std::move(root)), name_(std::move(name)) {}
  static std::shared_ptr<Domain> try_open(const std::string& root, const std::string& name, Mode mode);
  bool open_file(Mode mode, os::ForkGuard& creation);
  void map_file(Mode mode);
  void check_version() const;
  std::string find_damage() const;
  [[noreturn]] void refuse_damaged() const;
  bool is_current() const;
  bool try_remove();
  bool try_remove_sound();
  bool try_remove_damaged();
  bool has_running_row() const;
  void remove_files();

  std::string root_;
  std::string name_;
  uint32_t owner_ = 0;
  os::Fd folder_;
  os::Fd file_;
  os::ForkGuard file_guard_{file_};
  os::Mapping map_;
  std::string damage_;  // what was found wrong with the file when it was opened, before anybody could join
  bool looks_on_ = false;
  mutable Waker waker_{*this};
};

// Removes a domain's files if no participant but viewers is alive in it. False when one is, or when there is
// no such domain.
bool remove_domain(const std::string& root, const std::string& name);

// Names of the domains under a root, sorted.
std::vector<std::string> list_domains(const std::string& root);

}  // namespace babus::core
