#include "core/domain.hpp"

#include <algorithm>

#include "core/access.hpp"
#include "core/error.hpp"
#include "core/names.hpp"
#include "os/clock.hpp"
#include "os/error.hpp"
#include "os/process.hpp"
#include "os/user.hpp"

namespace babus::core {
namespace {

constexpr const char* kFileName = "domain";
// The one root that all users of a machine share is as /tmp: everybody may make domains there, nobody may
// touch another's. A root that a user names is that user's.
constexpr const char* kSharedRoot = "/dev/shm/babus";
constexpr unsigned kSharedRootMode = 01777, kRootMode = 0700, kFolderMode = 0700;
// Each new attempt means that somebody else removed or made the domain meanwhile; nobody does that a thousand
// times.
constexpr int kAttempts = 1000;
// Far longer than the removal of all files takes: who takes longer is stopped, and must not stop us.
constexpr uint64_t kRemovalNs = 2'000'000'000;

// Made complete before it gets its name: nobody ever sees half a domain, and of two creators one wins. The
// join lock is taken before too, or removers could be faster again and again. Empty when others made one.
os::Fd create_domain_file(const os::Fd& folder, const std::string& path) {
  auto file = os::create_unnamed(folder, path);
  if (!file) return {};
  os::resize(*file, sizeof(DomainFile), path);
  if (!os::reserve(*file, 0, sizeof(DomainFile), path)) return {};  // nobody else has seen it yet
  if (!os::try_lock(*file, kJoinLock, 1, os::LockMode::kShared)) return {};
  const os::Mapping map(*file, sizeof(DomainFile), os::Access::kReadWrite, path);
  auto& header = map.at<DomainFile>(0)->header;
  header.magic = kDomainMagic;
  header.version = kLayoutVersion;
  header.rows = kRows;
  header.slots = kSlots;
  header.created_wall_ns = os::wall_ns();
  return os::publish_unnamed(folder, *file, kFileName) ? std::move(*file) : os::Fd();
}

void remove_folder_unless_needed(const std::string& path) {
  const auto folder = os::open_folder(path);
  if (folder && os::try_lock_folder(*folder, os::LockMode::kExclusive)) os::remove_folder(path);
}

[[noreturn]] void missing(const std::string& root, const std::string& name) {
  std::string running;
  for (const auto& other : list_domains(root)) running += (running.empty() ? "" : ", ") + other;
  throw Error("ERR_BABUS_DOMAIN_MISSING", "no domain '" + name + "' under " + root + "; " +
                                              (running.empty() ? "none is running" : "running: " + running));
}

}  // namespace

std::shared_ptr<Domain> Domain::open(const std::string& root, const std::string& name, Mode mode) {
  check_domain_name(name);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (auto domain = try_open(root, name, mode)) return domain;
    if (mode != Mode::kCreate) missing(root, name);
  }
  throw Error("ERR_BABUS_DOMAIN_MISSING",
              "domain '" + name + "' under " + root + " is removed again and again by others");
}

// Empty when the domain vanished, or is being removed, while it was opened.
std::shared_ptr<Domain> Domain::try_open(const std::string& root, const std::string& name, Mode mode) {
  std::shared_ptr<Domain> domain(new Domain(root, name));
  if (mode == Mode::kCreate) {
    if (!os::make_folder(root, root == kSharedRoot ? kSharedRootMode : kRootMode))
      throw Error("ERR_BABUS_ARGUMENT",
                  "shared-memory root " + root + ": the folder it should lie in does not exist");
    if (!os::make_folder(domain->path(), kFolderMode))
      return nullptr;  // the root was empty, and was removed just now
  }
  auto folder = os::open_folder(domain->path());
  if (!folder) return nullptr;
  domain->folder_ = std::move(*folder);
  // Removers leave an empty folder alone while somebody is about to make a domain in it: they would be faster
  // again and again. It is no more than that, so without the lock we go on all the same.
  if (mode == Mode::kCreate) os::try_lock_folder(domain->folder_, os::LockMode::kShared);
  // The root is everybody's: a folder that somebody else made under this name would let them read what we
  // publish, and have us read what they made up.
  const os::Ownership folder_owner = os::ownership_of(domain->folder_, domain->path());
  check_domain_owner(folder_owner, name, domain->path());
  domain->owner_ = folder_owner.uid;
  os::Fd created;  // keeps the join lock until we have it
  os::ForkGuard creation(created);
  if (!domain->open_file(mode, creation)) return nullptr;
  domain->map_file(mode);
  domain->check_version();
  domain->damage_ = domain->find_damage();
  if (!domain->damage_.empty()) {
    if (mode == Mode::kRemove) return domain;
    if (mode != Mode::kCreate || !domain->try_remove()) domain->refuse_damaged();
    return nullptr;
  }
  if (mode == Mode::kInspect) return domain;
  domain->waker_.prepare();
  sync::reached(sync::Step::kJoinOpened);
  if (!os::lock_within(domain->file_, kJoinLock, 1, os::LockMode::kShared, kRemovalNs))
    throw Error("ERR_BABUS_DOMAIN_EXISTS",
                "domain '" + name + "' under " + root +
                    " is being removed by a process that does not go on; let it go on, or kill it");
  sync::reached(sync::Step::kJoinLocked);
  if (domain->is_current()) return domain;
  // Retired, perhaps by somebody who died before the last file was gone: finish that, then start anew.
  domain->try_remove();
  return nullptr;
}

// An opening by which a new file is made keeps its locks after this; it has no path for people to read, so it
// is not the one to go on with.
bool Domain::open_file(Mode mode, os::ForkGuard& creation) {
  const auto access = mode == Mode::kInspect ? os::Access::kRead : os::Access::kReadWrite;
  const auto open = [&] { return os::open_file(folder_, kFileName, access).value_or(os::Fd()); };
  file_guard_.fill(open);
  if (!file_ && mode == Mode::kCreate) {
    check_may_create(*this, path());
    creation.fill([&] { return create_domain_file(folder_, path()); });
    file_guard_.fill(open);
  }
  if (!file_) return false;
  const uint32_t uid = os::ownership_of(file_, path()).uid;
  if (uid != owner_)
    throw Error("ERR_BABUS_PERMISSION", "domain '" + name_ + "': " + path() + " belongs to " +
                                            os::user_name(owner_) + ", but the file " + kFileName +
                                            " in it to " + os::user_name(uid) + "; choose another name");
  return true;
}

void Domain::map_file(Mode mode) {
  const std::string path = this->path() + "/" + kFileName;
  const uint64_t bytes = os::file_size(file_, path);
  const auto access = mode == Mode::kInspect ? os::Access::kRead : os::Access::kReadWrite;
  // A mapping keeps its opening alive, and with it the locks: through file_ itself, a child forked without
  // exec would keep its dead parent's row locked, whatever the fork guard closes.
  if (bytes >= sizeof(DomainHeader))
    map_ = os::Mapping(os::reopen(file_, access, path), std::min<uint64_t>(bytes, sizeof(DomainFile)), access,
                       path);
}

// Before anything else is believed, the size included: another version may have other locks too, so that
// nobody here can say whether its participants live.
void Domain::check_version() const {
  if (map_.size() == 0 || header().magic != kDomainMagic || header().version == kLayoutVersion) return;
  throw Error("ERR_BABUS_DOMAIN_VERSION", path() + "/" + kFileName + ": made by layout version " +
                                              std::to_string(header().version) + ", this babus has version " +
                                              std::to_string(kLayoutVersion) +
                                              "; stop what uses it and remove " + path());
}

// Empty when this is a whole domain of our version.
std::string Domain::find_damage() const {
  const uint64_t bytes = os::file_size(file_, path());
  if (map_.size() == 0 || header().magic != kDomainMagic) return "is no babus domain, or damaged";
  if (bytes != sizeof(DomainFile))
    return "is damaged: it has " + std::to_string(bytes) + " bytes instead of " +
           std::to_string(sizeof(DomainFile));
  if (header().rows != kRows || header().slots != kSlots)
    return "is damaged: it says that it has other tables";
  return "";
}

void Domain::refuse_damaged() const {
  throw Error("ERR_BABUS_DOMAIN_CORRUPT", path() + "/" + kFileName + ": " + damage_ +
                                              "; stop what still uses domain '" + name_ +
                                              "' and start it again: it is made anew then");
}

bool Domain::is_own() const noexcept { return owner_ == os::user(); }

bool Domain::is_current() const {
  if (is_retired()) return false;
  return os::is_same_file(folder_, kFileName, file_);
}

void Domain::check_not_retired() const {
  if (is_retired())
    throw Error("ERR_BABUS_DOMAIN_MISSING", "domain '" + name_ + "' under " + root_ + " was removed");
}

void Domain::check_sound() const {
  if (is_damaged())
    throw Error("ERR_BABUS_DOMAIN_CORRUPT",
                "domain '" + name_ + "': " + path() + "/" + kFileName +
                    " was truncated or overwritten while in use; stop what uses it and start it again");
}

bool Domain::is_dead(uint32_t index) const {
  if (os::is_locked_exclusively(file_, kRowLocks + index, 1)) return false;
  const Row& row = this->row(index);
  const os::ProcessId process{row.pid, row.start_time, row.pid_namespace};
  // A living process may have lost all its descriptors. In another pid namespace its pid means nothing here:
  // there the lock alone counts.
  if (process.pid_namespace == os::own_pid_namespace() && os::is_running(process)) return false;
  return !os::is_locked_exclusively(file_, kRowLocks + index,
                                    1);  // the row may have changed hands while we looked
}

bool Domain::try_remove() {
  if (!is_own()) return false;
  return damage_.empty() ? try_remove_sound() : try_remove_damaged();
}

bool Domain::try_remove_sound() {
  if (!os::try_lock(file_, kJoinLock, 1, os::LockMode::kExclusive)) return false;
  if (!os::is_same_file(folder_, kFileName, file_)) return false;
  for (uint32_t row = 0; row < kRows; ++row)
    if (is_taken(row) && this->row(row).viewer == 0 && !is_dead(row)) return false;
  header().retired.store_seq(1);  // PAIR retired, PAIR removal
  waker_.wake_all();              // viewers that sleep; by the bells that are removed next
  remove_files();
  return true;
}

// Where rows mean nothing, the locks still say whether anybody lives: they belong to the file, whatever is in
// it. Viewers count too, because nothing says who is one. True as well when somebody else has removed it.
bool Domain::try_remove_damaged() {
  if (!os::lock_within(file_, kJoinLock, 1, os::LockMode::kExclusive, kRemovalNs)) return false;
  if (!os::is_same_file(folder_, kFileName, file_)) return true;
  if (os::is_locked(file_, kRowLocks, kRows) || has_running_row()) return false;
  remove_files();
  return true;
}

// Of those that lost their descriptors, and with them their locks.
bool Domain::has_running_row() const {
  for (uint32_t index = 0; index < kRows; ++index) {
    if (offsetof(DomainFile, rows) + (index + 1) * sizeof(Row) > map_.size()) return false;
    if (is_taken(index) && !is_dead(index)) return true;
  }
  return false;
}

// The name `domain` is taken from this file only under its exclusive join lock, and only as the last one; a
// new domain can be made only after that. So no file of a successor is ever touched. The folder may hold
// other things (a control socket, what a user put there): only what the core made goes.
void Domain::remove_files() {
  for (const auto& file : os::list_folder(folder_, path()))
    if (parse_slot_file(file) || is_bell(file)) os::remove_file(folder_, file);
  os::remove_file(folder_, kFileName);
}

bool remove_domain(const std::string& root, const std::string& name) {
  check_domain_name(name);
  const auto domain = Domain::try_open(root, name, Domain::Mode::kRemove);
  const bool removed = domain && domain->try_remove();
  // Without a domain the folder may still be there, left by a remover or a creator who died; if it is empty.
  if (!domain || removed) remove_folder_unless_needed(root + "/" + name);
  return removed;
}

std::vector<std::string> list_domains(const std::string& root) {
  std::vector<std::string> names;
  const auto folder = os::open_folder(root);
  if (!folder) return names;
  for (const auto& name : os::list_folder(*folder, root)) {
    try {
      const std::string path = root + "/" + name;
      const auto domain = os::open_folder(path);
      if (domain) check_domain_owner(os::ownership_of(*domain, path), name, path);
      if (domain && os::open_file(*domain, kFileName, os::Access::kRead)) names.push_back(name);
    } catch (const os::SystemError&) {
      continue;  // a file among the folders
    } catch (const Error&) {
      continue;  // another user's domain
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace babus::core
