#include "core/access.hpp"

#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/creation.hpp"
#include "core/inspection.hpp"
#include "support/child.hpp"
#include "support/slots.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;
namespace os = babus::os;

constexpr gid_t kGroup = 54321, kOtherGroup = 54322;  // nobody needs to be in the group data base
constexpr uid_t kStranger = 65534;

SlotConfig open_to(gid_t gid, GroupMode mode, const std::string& name = "a/b") {
  SlotConfig slot = config(name);
  slot.access = mode;
  slot.gid = gid;
  return slot;
}

struct stat status(const std::string& name) {
  struct stat info {};
  CHECK_EQUAL(::stat((domain_path() + name).c_str(), &info), 0);
  return info;
}
unsigned mode_of(const std::string& name) { return status(name).st_mode & 07777; }

void need_root() {
  if (::geteuid() != 0) throw Skipped("only root can act as somebody else");
  CHECK_EQUAL(::chmod(temp_root().c_str(), 0755), 0);
}

// In a process of its own, as another user, who is in one group.
void as_stranger(gid_t group, const std::function<void()>& body) {
  Child([&] {
    CHECK_EQUAL(::setgroups(1, &group), 0);
    CHECK_EQUAL(::setresgid(kStranger, kStranger, kStranger), 0);
    CHECK_EQUAL(::setresuid(kStranger, kStranger, kStranger), 0);
    ::prctl(PR_SET_DUMPABLE, 1);  // or it may not look into its own /proc
    body();
  }).join();
}

void give_away(const std::string& name, uid_t user) {
  CHECK_EQUAL(::lchown((domain_path() + name).c_str(), user, static_cast<gid_t>(-1)), 0);
}

}  // namespace

TEST("access: a slot is its user's alone, unless it is opened to a group, with no more than that needs") {
  ::umask(0);
  const auto participant = join();
  participant->attach(config("closed"));
  CHECK_EQUAL(mode_of(""), 0700u);
  const gid_t own = ::getegid();
  participant->attach(open_to(own, GroupMode::kRead));
  participant->attach(open_to(own, GroupMode::kWrite, "w"));
  CHECK_EQUAL(mode_of(""), 0710u);
  CHECK_EQUAL(mode_of("/domain"), 0660u);
  CHECK_EQUAL(mode_of("/closed@1.ctl"), 0600u);
  CHECK_EQUAL(mode_of("/closed@1.dat"), 0600u);
  CHECK_EQUAL(mode_of("/a.b@2.ctl"), 0660u);
  CHECK_EQUAL(mode_of("/a.b@2.dat"), 0640u);
  CHECK_EQUAL(mode_of("/w@3.dat"), 0660u);
  for (const char* name : {"", "/domain", "/a.b@2.ctl", "/a.b@2.dat"}) CHECK_EQUAL(status(name).st_gid, own);
}

TEST("access: is part of what all must agree on") {
  const auto participant = join();
  const auto slot = participant->attach(open_to(::getegid(), GroupMode::kRead));
  CHECK_EQUAL(slot->control().config().access, GroupMode::kRead);
  CHECK_THROWS(participant->attach(config()), "ERR_BABUS_SLOT_CONFIG", "access is read for the group",
               "for its user alone here");
  CHECK_THROWS(participant->attach(open_to(::getegid(), GroupMode::kWrite)), "ERR_BABUS_SLOT_CONFIG",
               "write for the group");
}

TEST("access: a domain is open to one group, and the next is told so") {
  need_root();
  const auto participant = join();
  participant->attach(open_to(kGroup, GroupMode::kRead));
  CHECK_THROWS(participant->attach(open_to(kOtherGroup, GroupMode::kRead, "c")), "ERR_BABUS_SLOT_CONFIG",
               "slot c", "54322", "open to the group 54321 already");
  CHECK(!find_slot(participant->domain(), "c"));
  CHECK_EQUAL(count_files(), 2u);
}

TEST("access: who is no member of a group cannot open a slot to it, and leaves nothing behind") {
  need_root();
  CHECK_EQUAL(::chmod(temp_root().c_str(), 0777), 0);
  as_stranger(kOtherGroup, [] {
    const auto participant = join();
    CHECK_THROWS(participant->attach(open_to(kGroup, GroupMode::kRead)), "ERR_BABUS_PERMISSION", "slot a/b",
                 "54321", "is no member");
    CHECK_EQUAL(count_files(), 0u);
    participant->attach(open_to(kOtherGroup, GroupMode::kRead));
    CHECK_EQUAL(mode_of("/a.b@2.dat"), 0640u);
  });
}

TEST("access: a member of the group joins and reads, and publishes only where that is open") {
  need_root();
  Ends ends(open_to(kGroup, GroupMode::kRead));
  const auto keep = ends.participant->attach(open_to(kGroup, GroupMode::kWrite, "w"));
  const auto closed = ends.participant->attach(config("closed"));
  publish(ends.publisher, 7);
  as_stranger(kGroup, [] {
    for (const bool create : {true, false}) {
      const auto member = join("member", create);
      Subscription subscription(member->attach("a/b"));
      subscription.seek(0);
      CHECK_EQUAL(take_value(subscription), 7u);
      CHECK_THROWS(Publisher publisher(member->attach("a/b")), "ERR_BABUS_PERMISSION", "slot a/b",
                   "not open to publishers of the group 54321", "mode: write");
      Publisher publisher(member->attach("w"));
      CHECK(publish(publisher, 8) > 0);
      CHECK_THROWS(member->attach("closed"), "ERR_BABUS_PERMISSION", "slot closed", "not open to");
      CHECK_THROWS(member->attach(config("new")), "ERR_BABUS_PERMISSION", "slot new",
                   "belongs to another user");
      SlotConfig other = open_to(kGroup, GroupMode::kWrite, "w");
      other.depth = 9;
      CHECK_THROWS(member->attach(other), "ERR_BABUS_SLOT_CONFIG", "depth is 4 there and 9 here");
    }
    CHECK(!remove_domain(temp_root(), kDomain));
    CHECK_EQUAL(list_domains(temp_root()).size(), 1u);
  });
  CHECK_EQUAL(DomainBytes()->header.retired.load_seq(), 0u);
  CHECK_EQUAL(keep->newest(), 2u);
}

TEST("access: a member cannot write payload that it may only read") {
  need_root();
  Ends ends(open_to(kGroup, GroupMode::kRead));
  as_stranger(kGroup, [] {
    const auto member = join("member");
    const auto slot = member->attach("a/b");
    CHECK(os::open_file(member->domain().folder(), slot->control().data_file(), os::Access::kRead));
    CHECK_THROWS(
        os::open_file(member->domain().folder(), slot->control().data_file(), os::Access::kReadWrite),
        "Permission denied");
  });
}

TEST("access: a stranger is kept out, and so is root from what a stranger made") {
  need_root();
  Ends ends;
  as_stranger(kGroup, [] { CHECK_THROWS(join("x", false), "ERR_BABUS_PERMISSION"); });
  CHECK_EQUAL(::chmod(domain_path().c_str(), 0755), 0);
  for (const bool create : {true, false})
    as_stranger(kGroup, [create] {
      CHECK_THROWS(join("x", create), "ERR_BABUS_PERMISSION", "/test belongs to another user",
                   "has not opened it to a group of yours");
      CHECK_THROWS(inspect(temp_root(), kDomain), "ERR_BABUS_PERMISSION");
    });
  CHECK_EQUAL(::chown(domain_path().c_str(), kStranger, kGroup), 0);
  for (const bool create : {true, false})
    CHECK_THROWS(join("x", create), "ERR_BABUS_PERMISSION", "belongs to another user", "choose another name");
  CHECK_THROWS(inspect(temp_root(), kDomain), "ERR_BABUS_PERMISSION");
  CHECK(list_domains(temp_root()).empty());
}

TEST("access: a folder where others can write is used by nobody but its user") {
  need_root();
  Ends ends(open_to(kGroup, GroupMode::kRead));
  for (const unsigned mode : {0730u, 0712u}) {
    CHECK_EQUAL(::chmod(domain_path().c_str(), mode), 0);
    as_stranger(kGroup, [] {
      CHECK_THROWS(join("x", false), "ERR_BABUS_PERMISSION", "others than that user can write there");
    });
  }
}

TEST("access: a file of another user is refused, whichever it is") {
  need_root();
  { const Ends ends; }
  const auto participant = join();
  give_away("/a.b@1.dat", kStranger);
  CHECK_THROWS(Subscription subscription(participant->attach(config())), "ERR_BABUS_SLOT_CORRUPT",
               "a.b@1.dat belongs to");
  CHECK_THROWS(Publisher publisher(participant->attach(config())), "ERR_BABUS_SLOT_CORRUPT",
               "a.b@1.dat belongs to");
  give_away("/a.b@1.ctl", kStranger);
  CHECK_THROWS(participant->attach(config()), "ERR_BABUS_SLOT_CORRUPT", "a.b@1.ctl belongs to");
  Publisher beside(participant->attach(config("beside")));
  CHECK_EQUAL(publish(beside, 1), 1u);
  give_away("/domain", kStranger);
  for (const bool create : {true, false})
    CHECK_THROWS(join("x", create), "ERR_BABUS_PERMISSION", "file domain");
}

TEST("access: what is no file of its own in a slot's place is refused by name") {
  { const Ends ends; }
  const auto participant = join();
  const std::string control = domain_path() + "/a.b@1.ctl";
  CHECK_EQUAL(::rename(control.c_str(), (domain_path() + "/real").c_str()), 0);
  CHECK_EQUAL(::symlink("real", control.c_str()), 0);
  CHECK_THROWS(participant->attach(config()), "ERR_BABUS_SLOT_CORRUPT", "a.b@1.ctl is a symbolic link");
  CHECK_EQUAL(::unlink(control.c_str()), 0);
  CHECK_EQUAL(::mkfifo(control.c_str(), 0600), 0);
  CHECK_THROWS(participant->attach(config()), "ERR_BABUS_SLOT_CORRUPT", "a.b@1.ctl is not a regular file");
  CHECK_EQUAL(::unlink(control.c_str()), 0);
  CHECK_EQUAL(::mkdir(control.c_str(), 0700), 0);
  CHECK_THROWS(participant->attach(config()), "ERR_BABUS_SLOT_CORRUPT", "a.b@1.ctl is not a regular file");
}

TEST("access: a member gives back what it can of a dead owner, and leaves the rest to the owner's others") {
  need_root();
  Ends keep;  // a/b is private
  keep.participant->attach(open_to(kGroup, GroupMode::kWrite, "w"));
  const Signal there;
  Child victim([&] {
    Ends ends(config(), "victim");
    Publisher grouped(ends.participant->attach(open_to(kGroup, GroupMode::kWrite, "w")));
    publish(ends.publisher, 1);
    Message message;
    CHECK(ends.subscription.take(message));
    ends.publisher.loan(8);
    grouped.loan(8);
    there.give();
    wait_for_death();
  });
  there.await();
  const SlotConfig grouped = open_to(kGroup, GroupMode::kWrite, "w");
  victim.kill();
  as_stranger(kGroup, [] { join("member", false); });  // joining recovers
  CHECK_EQUAL(ControlFile(grouped).count_states(1), 0u);
  CHECK_EQUAL(ControlFile().count_states(1), 1u);
  keep.participant->recover_the_dead();
  CHECK_EQUAL(ControlFile().count_states(1), 0u);
  CHECK_EQUAL(ControlFile().count_pins(), 0u);
  CHECK_EQUAL(DomainBytes().taken_rows(), 1u);
}
