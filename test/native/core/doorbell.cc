#include "core/doorbell.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "support/child.hpp"
#include "support/sleepers.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;

bool is_readable(int fd) {
  pollfd request{fd, POLLIN, 0};
  return ::poll(&request, 1, 0) == 1;
}

// As an event loop does.
void await_ring(const Sleeper& sleeper) {
  pollfd request{sleeper.fd(), POLLIN, 0};
  while (::poll(&request, 1, -1) != 1) continue;
}

struct Listener {
  explicit Listener(const SlotConfig& slot = config()) : ends(slot), sleeper(*ends.participant, kDoorbell) {}
  auto watches() const { return watch(ends.subscription); }
  Ends ends;
  Sleeper sleeper;
};

using Listeners = std::vector<std::unique_ptr<Listener>>;

void wake_all(Publisher& publisher, uint64_t value, const Listeners& listeners) {
  for (const auto& each : listeners) CHECK(!each->sleeper.prepare(each->watches()));
  publish(publisher, value);
  for (const auto& each : listeners) {
    CHECK(is_readable(each->sleeper.fd()));
    CHECK(each->sleeper.look(each->watches()) == Woken::kNews);
    CHECK_EQUAL(take_value(each->ends.subscription), value);
  }
}

struct stat stat_of(const std::string& file) {
  struct stat info;
  if (::lstat((domain_path() + "/" + file).c_str(), &info) != 0) throw Failure("no file " + file);
  return info;
}

void require_root() {
  if (::geteuid() != 0) throw Skipped("needs root");
}

std::string path_of_bell() { return domain_path() + "/" + bells().at(0); }

}  // namespace

TEST("doorbell: rings for an event loop that announced itself, and for no other") {
  Listener listener;
  Sleeper& sleeper = listener.sleeper;
  Ends other;
  publish(other.publisher, 1);
  CHECK(!is_readable(sleeper.fd()));
  CHECK(sleeper.prepare(listener.watches()) == Woken::kNews);  // at once, and announced no more
  CHECK_EQUAL(take_value(listener.ends.subscription), 1u);
  publish(other.publisher, 2);
  CHECK(!is_readable(sleeper.fd()));
  CHECK_EQUAL(take_value(listener.ends.subscription), 2u);

  CHECK(!sleeper.prepare(listener.watches()));
  CHECK_EQUAL(DomainBytes().sleeping_rows(), 1u);
  std::thread publishing([&] { publish(other.publisher, 3); });
  await_ring(sleeper);
  CHECK(sleeper.look(listener.watches()) == Woken::kNews);
  publishing.join();
  CHECK_EQUAL(take_value(listener.ends.subscription), 3u);
  CHECK_EQUAL(DomainBytes().sleeping_rows(), 0u);
  CHECK(!is_readable(sleeper.fd()));
}

TEST("doorbell: a ring for nothing is counted, and the sleep goes on; finish() ends it; cancel() rings") {
  Listener listener;
  Sleeper& sleeper = listener.sleeper;
  CHECK(!sleeper.prepare(listener.watches()));
  listener.ends.participant->domain().waker().wake_all();
  await_ring(sleeper);
  CHECK(!sleeper.look(listener.watches()));
  CHECK_EQUAL(DomainBytes()->rows[0].filtered_wakes.load_seq(), 1u);
  CHECK_EQUAL(DomainBytes().sleeping_rows(), 1u);
  std::thread cancelling([&] { sleeper.cancel(); });
  await_ring(sleeper);
  CHECK(sleeper.look(listener.watches()) == Woken::kCancelled);
  cancelling.join();
  CHECK(!sleeper.prepare(listener.watches()));
  sleeper.finish();
  sleeper.finish();
  CHECK_EQUAL(DomainBytes().sleeping_rows(), 0u);
}

TEST("doorbell: has one file, its owner's alone whatever the umask, as long as there is a sleeper") {
  ::umask(0777);
  {
    const Listener listener;
    CHECK_EQUAL(bells().size(), 1u);
    CHECK_EQUAL(bells()[0], std::string("bell.0.1"));
    const struct stat info = stat_of("bell.0.1");
    CHECK(S_ISFIFO(info.st_mode));
    CHECK_EQUAL(info.st_mode & 07777, 0600u);
  }
  CHECK(bells().empty());
}

TEST("doorbell: is its group's too in a domain that is open to a group") {
  const auto keep = join();
  CHECK_EQUAL(::chmod((domain_path() + "/domain").c_str(), 0660), 0);
  const Listener listener;
  const struct stat info = stat_of(bells().at(0));
  CHECK_EQUAL(info.st_mode & 07777, 0660u);
  CHECK_EQUAL(info.st_gid, stat_of("domain").st_gid);
}

TEST("doorbell: the next bell of a participant is rung although publishers know the one before") {
  Ends publishing;
  Ends ends;
  for (uint64_t value = 1; value <= 3; ++value) {
    Sleeper sleeper(*ends.participant, kDoorbell);
    CHECK(!sleeper.prepare(watch(ends.subscription)));
    publish(publishing.publisher, value);
    CHECK(is_readable(sleeper.fd()));
    CHECK(sleeper.look(watch(ends.subscription)) == Woken::kNews);
    CHECK_EQUAL(take_value(ends.subscription), value);
  }
}

TEST("doorbell: a sleeper may change its way of sleeping") {
  Ends publishing;
  Ends ends;
  uint64_t value = 0;
  for (const SleepMode mode : {kDoorbell, kOwnWord, kEventWord, kDoorbell, kEventWord, kOwnWord, kDoorbell}) {
    Sleeper sleeper(*ends.participant, mode);
    ++value;
    std::thread other([&] {
      await_sleepers(1);
      publish(publishing.publisher, value);
    });
    CHECK(sleeper.sleep(watch(ends.subscription)) == Woken::kNews);
    other.join();
    CHECK_EQUAL(sleeper.unwoken(), 0u);
    CHECK_EQUAL(take_value(ends.subscription), value);
  }
}

TEST("doorbell: one that nobody listens to any more blocks no publisher, and ends none") {
  Ends publishing;
  Child owner([] {
    Listener listener;
    listener.sleeper.prepare(listener.watches());
    wait_for_death();
  });
  await_sleepers(1);
  owner.signal(SIGSTOP);
  for (uint64_t i = 1; i <= 70'000; ++i) publish(publishing.publisher, i);  // more than a FIFO holds
  owner.kill();
  ::signal(SIGPIPE, SIG_DFL);
  for (uint64_t i = 1; i <= 10; ++i) publish(publishing.publisher, i);
  Ends late;  // one that had not opened the bell while its owner lived; it recovers when it joins
  publish(late.publisher, 1);
  CHECK(bells().empty());
}

TEST("doorbell: an owner that died before anybody rang, with its file or without, ends no publisher") {
  Ends first;
  Ends second;
  Child owner([] {
    Listener listener;
    listener.sleeper.prepare(listener.watches());
    wait_for_death();
  });
  await_sleepers(1);
  const std::string bell = path_of_bell();
  owner.kill();
  ::signal(SIGPIPE, SIG_DFL);
  publish(first.publisher, 1);
  ::unlink(bell.c_str());
  publish(second.publisher, 2);
}

TEST("doorbell: what was planted in its place is not rung") {
  Ends publishing;
  for (const char* what : {"a file", "a link", "a folder", "somebody else's", "nothing"}) {
    const std::string planted = what;
    Listener listener(config("other"));
    Publisher publisher(publishing.participant->attach(config("other")));
    const std::string bell = path_of_bell(), target = domain_path() + "/target";
    CHECK_EQUAL(::unlink(bell.c_str()), 0);
    if (planted == "a file") ::close(::creat(bell.c_str(), 0600));
    if (planted == "a folder") CHECK_EQUAL(::mkdir(bell.c_str(), 0700), 0);
    if (planted == "a link") {
      CHECK_EQUAL(::mkfifo(target.c_str(), 0600), 0);
      CHECK_EQUAL(::symlink(target.c_str(), bell.c_str()), 0);
    }
    if (planted == "somebody else's") {
      CHECK_EQUAL(::mkfifo(bell.c_str(), 0666), 0);
      if (::geteuid() == 0) CHECK_EQUAL(::chown(bell.c_str(), 65534, 65534), 0);
    }
    const int fd = planted == "nothing" || planted == "a folder"
                       ? -1
                       : ::open(bell.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    CHECK(!listener.sleeper.prepare(listener.watches()));
    publish(publisher, 1);
    char byte = 0;
    const bool may_ring = planted == "somebody else's" && ::geteuid() != 0;
    if (fd >= 0 && !may_ring) CHECK(::read(fd, &byte, 1) <= 0);
    ::close(fd);
    if (planted == "a folder") CHECK_EQUAL(::rmdir(bell.c_str()), 0);
    ::unlink(target.c_str());
  }
}

TEST("doorbell: a publisher wakes more bells than it keeps open") {
  constexpr uint64_t kCount = 50;
  Ends publishing(wide());
  Listeners listeners;
  for (uint64_t i = 0; i < kCount; ++i) listeners.push_back(std::make_unique<Listener>(wide()));
  for (uint64_t value = 1; value <= 5; ++value) wake_all(publishing.publisher, value, listeners);
}

TEST("doorbell: a publisher without a free descriptor wakes every bell all the same") {
  Ends publishing(wide());
  Listeners listeners;
  for (int i = 0; i < 5; ++i) listeners.push_back(std::make_unique<Listener>(wide()));
  const int lowest = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::close(lowest);
  const rlimit none{static_cast<rlim_t>(lowest), static_cast<rlim_t>(lowest)};
  CHECK_EQUAL(::setrlimit(RLIMIT_NOFILE, &none), 0);
  for (uint64_t value = 1; value <= 3; ++value) wake_all(publishing.publisher, value, listeners);
}

// As a program does that closes whatever it did not open itself, and opens something of its own.
TEST("doorbell: closed by a stranger, neither end touches the stranger's files, and publishers still ring") {
  Listener listener;
  auto& closed = shared<std::atomic<bool>>();
  Child publisher([&] {
    Ends ends;
    await_sleepers(1);
    publish(ends.publisher, 1);
    int pipe_ends[2];
    for (int fd = 3; fd < 256; ++fd) ::close(fd);
    std::vector<int> mine;
    for (int i = 0; i < 40; ++i) {
      CHECK_EQUAL(::pipe2(pipe_ends, O_NONBLOCK), 0);
      mine.push_back(pipe_ends[0]);
    }
    closed = true;
    await_sleepers(1);
    publish(ends.publisher, 2);
    char byte = 0;
    for (const int fd : mine) CHECK(::read(fd, &byte, 1) < 0);
  });
  for (uint64_t value = 1; value <= 2; ++value) {
    CHECK(listener.sleeper.sleep(listener.watches()) == Woken::kNews);
    CHECK_EQUAL(listener.sleeper.unwoken(), 0u);
    CHECK_EQUAL(take_value(listener.ends.subscription), value);
    while (!closed) std::this_thread::yield();
  }
  publisher.join();

  const int own = listener.sleeper.fd();
  const int mine = ::open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  CHECK_EQUAL(::dup2(mine, own), own);
  CHECK(!listener.sleeper.prepare(listener.watches()));
  CHECK(!listener.sleeper.look(listener.watches()));
  CHECK_EQUAL(::lseek(own, 0, SEEK_CUR), 0);
  listener.sleeper.finish();
  std::thread cancelling([&] {
    await_sleepers(1);
    listener.sleeper.cancel();
  });
  CHECK(listener.sleeper.sleep(listener.watches()) == Woken::kCancelled);
  cancelling.join();
  CHECK_EQUAL(::lseek(own, 0, SEEK_CUR), 0);
}

TEST("doorbell: a viewer has none, and is told so") {
  const auto member = join();
  const auto viewer = join("viewer", false, Role::kViewer);
  CHECK(may_have_doorbell(*member) && !may_have_doorbell(*viewer));
  CHECK_THROWS(Sleeper(*viewer, kDoorbell), "ERR_BABUS_ARGUMENT", domain_path().c_str(), "viewers",
               "sleep on a word");
  CHECK(bells().empty());
  CHECK_EQUAL(DomainBytes()->rows[viewer->row()].sleep_mode.load_seq(), 0u);
}

TEST("doorbell: removing a domain removes the bells of the dead, and nothing that only looks like one") {
  Child owner([] {
    Listener listener;
    listener.sleeper.prepare(listener.watches());
    wait_for_death();
  });
  while (::access((domain_path() + "/bell.0.1").c_str(), F_OK) != 0) std::this_thread::yield();
  await_sleepers(1);
  owner.kill();
  ::close(::creat((domain_path() + "/bell.tower").c_str(), 0600));
  CHECK(remove_domain(temp_root(), kDomain));
  CHECK(::access((domain_path() + "/bell.0.1").c_str(), F_OK) != 0);
  CHECK_EQUAL(::access((domain_path() + "/bell.tower").c_str(), F_OK), 0);
}

TEST("doorbell: one that cannot be made leaves the participant as it was") {
  require_root();  // makes the folder somebody else's, open to a group of ours
  const auto keep = join();
  for (const std::string& path : {domain_path(), domain_path() + "/domain"})
    CHECK_EQUAL(::chown(path.c_str(), 65534, ::getegid()), 0);
  CHECK_EQUAL(::chmod(domain_path().c_str(), 0710), 0);
  const auto member = join("member", false);
  CHECK_THROWS(Sleeper(*member, kDoorbell), "ERR_BABUS_ARGUMENT", "only its owner makes files");
  CHECK_EQUAL(DomainBytes()->rows[member->row()].sleep_mode.load_seq(), 0u);
  Sleeper sleeper(*member, kOwnWord);
  CHECK(!sleeper.prepare({}));
}

TEST("doorbell: a member of the domain's group may ring, and has none of its own") {
  require_root();
  constexpr gid_t kGroup = 65533;
  const auto keep = join();
  CHECK_EQUAL(::chown(temp_root().c_str(), 0, kGroup), 0);
  CHECK_EQUAL(::chmod(temp_root().c_str(), 0710), 0);
  CHECK_EQUAL(::chown(domain_path().c_str(), 0, kGroup), 0);
  CHECK_EQUAL(::chmod(domain_path().c_str(), 0710), 0);
  const std::string file = domain_path() + "/domain";
  CHECK_EQUAL(::chown(file.c_str(), 0, kGroup), 0);
  CHECK_EQUAL(::chmod(file.c_str(), 0660), 0);
  Listener listener;
  CHECK(!listener.sleeper.prepare(listener.watches()));
  Child member([] {
    const auto participant = join("member");
    if (::setgroups(0, nullptr) != 0 || ::setresgid(kGroup, kGroup, kGroup) != 0 ||
        ::setresuid(65534, 65534, 65534) != 0)
      throw Failure("cannot become a member of the group");
    CHECK(!may_have_doorbell(*participant));
    CHECK_THROWS(Sleeper(*participant, kDoorbell), "ERR_BABUS_ARGUMENT");
    participant->domain().waker().wake_all();
  });
  member.join();
  CHECK(is_readable(listener.sleeper.fd()));
}

TEST("doorbell: one that was made before the domain was opened to a group is rung by its members too") {
  require_root();
  constexpr gid_t kGroup = 65533;
  CHECK_EQUAL(::chmod(temp_root().c_str(), 0755), 0);
  const auto owner = join("owner");
  Sleeper sleeper(*owner, kDoorbell);
  SlotConfig open = config("w");
  open.access = GroupMode::kWrite;
  open.gid = kGroup;
  const auto slot = owner->attach(open);
  const Subscription subscription(slot);
  const std::vector<Sleeper::Watch> watches{{slot, subscription.position()}};
  CHECK(!sleeper.prepare(watches));
  Child([] {
    const gid_t group = kGroup;
    CHECK_EQUAL(::setgroups(1, &group), 0);
    CHECK_EQUAL(::setresgid(65534, 65534, 65534), 0);
    CHECK_EQUAL(::setresuid(65534, 65534, 65534), 0);
    ::prctl(PR_SET_DUMPABLE, 1);  // or it may not look into its own /proc
    const auto member = join("member", false);
    Publisher publisher(member->attach("w"));
    publish(publisher, 8);
  }).join();
  CHECK(babus::os::wait_readable(sleeper.fd(), 0));
  CHECK(sleeper.look(watches) == Sleeper::Woken::kNews);
}
