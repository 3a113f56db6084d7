#include "core/domain.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <set>

#include "os/error.hpp"
#include "support/child.hpp"
#include "support/slots.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;
namespace os = babus::os;

unsigned mode_of(const std::string& path) {
  struct stat info;
  CHECK_EQUAL(::stat(path.c_str(), &info), 0);
  return info.st_mode & 07777;
}

}  // namespace

TEST("domain: of many that create it at once one does, and all are in the same") {
  constexpr int kCount = 12;
  struct Seen {
    uint64_t created[kCount];
    uint32_t row[kCount];
    Row rows[kCount];
  };
  auto& seen = shared<Seen>();
  const Signal ready, go, joined, leave;
  Child all([&] {
    in_processes(kCount, [&](int i) {
      ready.give();
      go.await();
      const auto participant = join("p" + std::to_string(i));
      seen.created[i] = participant->domain().header().created_wall_ns;
      seen.row[i] = participant->row();
      joined.give();
      leave.await();
    });
  });
  for (int i = 0; i < kCount; ++i) ready.await();
  for (int i = 0; i < kCount; ++i) go.give();
  for (int i = 0; i < kCount; ++i) joined.await();
  std::set<uint32_t> rows;
  for (int i = 0; i < kCount; ++i) {
    CHECK_EQUAL(seen.created[i], DomainBytes()->header.created_wall_ns);
    rows.insert(seen.row[i]);
  }
  CHECK_EQUAL(rows.size(), size_t{kCount});
  CHECK_EQUAL(DomainBytes().taken_rows(), uint32_t{kCount});
  for (int i = 0; i < kCount; ++i) leave.give();
  all.join();
  CHECK_EQUAL(DomainBytes().taken_rows(), 0u);
}

TEST("domain: its folder and files are the owner's alone, and so is a root that a user named") {
  ::umask(0);
  const std::string root = temp_root() + "/root";
  const Participant participant(root, "d", "x", true);
  CHECK_EQUAL(mode_of(root), 0700u);
  CHECK_EQUAL(mode_of(root + "/d"), 0700u);
  CHECK_EQUAL(mode_of(root + "/d/domain"), 0600u);
}

TEST("domain: one that is not there is named, with those that are") {
  CHECK_THROWS(join("x", false), "ERR_BABUS_DOMAIN_MISSING", "no domain 'test'", "none is running");
  const Participant one(temp_root(), "one", "x", true), two(temp_root(), "two", "x", true);
  CHECK_THROWS(join("x", false), "ERR_BABUS_DOMAIN_MISSING", "running: one, two");
  CHECK_THROWS(Participant(temp_root() + "/none", "a", "x", false), "ERR_BABUS_DOMAIN_MISSING");
  CHECK_THROWS(Participant(temp_root() + "/no/root", "a", "x", true), "ERR_BABUS_ARGUMENT", "/no/root");
  CHECK_THROWS(Participant(temp_root(), "../x", "x", true), "ERR_BABUS_NAME");
  CHECK_THROWS(Participant(temp_root(), "a", "", true), "ERR_BABUS_NAME");
}

TEST("domain: one of another version is refused by its number, whatever its size") {
  join();
  DomainBytes()->header.version = 7;
  for (const uint64_t bytes : {sizeof(DomainFile), sizeof(DomainHeader), sizeof(DomainFile) + 4096}) {
    os::resize(*os::open_file(domain_folder(), "domain", os::Access::kReadWrite), bytes, "domain");
    for (const bool create : {true, false})
      CHECK_THROWS(join("x", create), "ERR_BABUS_DOMAIN_VERSION", "layout version 7", "has version 3",
                   "remove ", "/test");
  }
}

namespace {

// Every way to spoil the file of a domain.
std::vector<std::function<void()>> damages() {
  std::vector<std::function<void()>> all{[] { DomainBytes()->header.magic ^= 1; },
                                         [] { DomainBytes()->header.rows = 255; },
                                         [] { DomainBytes()->header.slots = 1025; }};
  for (const uint64_t bytes : {uint64_t{0}, uint64_t{100}, sizeof(DomainHeader), sizeof(DomainHeader) + 700,
                               sizeof(DomainFile) - 1, sizeof(DomainFile) + 1})
    all.push_back([bytes] {
      os::resize(*os::open_file(domain_folder(), "domain", os::Access::kReadWrite), bytes, "domain");
    });
  return all;
}

}  // namespace

TEST("domain: a damaged one is refused while anybody lives in it, and made anew by who comes then") {
  for (const auto& damage : damages()) {
    {
      const Signal ready;
      Child living([&] {
        const Ends ends;
        ready.give();
        wait_for_death();
      });
      ready.await();
      damage();
      for (const bool create : {true, false})
        CHECK_THROWS(join("late", create), "ERR_BABUS_DOMAIN_CORRUPT", "/test/domain", "damaged",
                     "made anew");
      CHECK(!remove_domain(temp_root(), kDomain));
      CHECK(os::open_file(domain_folder(), "a.b@1.dat", os::Access::kRead));
      living.kill();
    }
    CHECK_THROWS(join("late", false), "ERR_BABUS_DOMAIN_CORRUPT", "damaged");
    const auto participant = join("late");
    CHECK_EQUAL(participant->row(), 0u);
    CHECK_EQUAL(count_files(), 0u);
    Ends ends;
    CHECK_EQUAL(publish(ends.publisher, 1), 1u);
  }
}

TEST("domain: a damaged one is removed when nobody lives in it") {
  for (const auto& damage : damages()) {
    { Ends ends; }
    damage();
    CHECK(remove_domain(temp_root(), kDomain));
    CHECK(::access(domain_path().c_str(), F_OK) != 0);
  }
}

TEST("domain: of many that come to a damaged one at once, one makes it anew, and all are in the same") {
  for (int round = 0; round < 20; ++round) {
    { Ends ends; }
    os::resize(*os::open_file(domain_folder(), "domain", os::Access::kReadWrite), 100, "domain");
    const Signal joined, leave;
    Child all([&] {
      in_processes(6, [&](int) {
        const auto participant = join();
        joined.give();
        leave.await();
        CHECK(os::is_same_file(domain_folder(), "domain", participant->domain().file()));
      });
    });
    for (int i = 0; i < 6; ++i) joined.await();
    CHECK_EQUAL(DomainBytes().taken_rows(), 6u);
    for (int i = 0; i < 6; ++i) leave.give();
    all.join();
  }
}

// Its lock went with its descriptor, but it has the file mapped.
TEST("domain: a damaged one is refused while a process of a row still runs that lost its lock") {
  const auto participant = join();
  ::close(participant->domain().file().get());
  DomainBytes()->header.rows = 255;
  CHECK_THROWS(join("late"), "ERR_BABUS_DOMAIN_CORRUPT", "damaged");
  DomainBytes()->header.rows = kRows;
  join("late");
}

TEST("domain: something else in its place is an error, not a hang") {
  CHECK_EQUAL(::mkdir(domain_path().c_str(), 0700), 0);
  CHECK_EQUAL(::mkfifo((domain_path() + "/domain").c_str(), 0600), 0);
  CHECK_THROWS(join(), "not a regular file");
  CHECK_THROWS(join("x", false), "not a regular file");
}

TEST("domain: all that run under a root are listed, and nothing else") {
  CHECK(list_domains(temp_root() + "/missing").empty());
  const Participant b(temp_root(), "b", "x", true), a(temp_root(), "a", "x", true);
  CHECK_EQUAL(::mkdir((temp_root() + "/empty").c_str(), 0700), 0);
  os::create_file(*os::open_folder(temp_root()), "file");
  CHECK(list_domains(temp_root()) == (std::vector<std::string>{"a", "b"}));
}

TEST("participant: the 257th is refused until one leaves, and each gets a row of its own") {
  std::vector<std::unique_ptr<Participant>> all;
  std::set<uint32_t> rows;
  for (uint32_t i = 0; i < kRows; ++i) {
    all.push_back(join());
    rows.insert(all.back()->row());
  }
  CHECK_EQUAL(rows.size(), size_t{kRows});
  CHECK_THROWS(join(), "ERR_BABUS_SLOT_FULL", "256 participants");
  all[100].reset();
  CHECK_EQUAL(join()->row(), 100u);
}

TEST("participant: a row's next owner has a higher generation") {
  const uint64_t first = join()->generation();
  const auto second = join();
  CHECK_EQUAL(second->row(), 0u);
  CHECK_EQUAL(second->generation(), first + 1);
}

TEST("participant: its row says who it is") {
  const auto participant = join("the camera");
  const DomainBytes bytes;
  const Row& row = bytes->rows[participant->row()];
  CHECK_EQUAL(std::string(row.name), std::string("the camera"));
  CHECK_EQUAL(row.pid, static_cast<uint32_t>(::getpid()));
  CHECK(row.start_time != 0 && row.pid_namespace != 0);
}
