#include "os/file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "harness.hpp"
#include "os/error.hpp"
#include "os/mapping.hpp"
#include "support/child.hpp"

namespace {

using namespace babus::os;
using babus::test::Child;
using babus::test::temp_root;

Fd folder() { return std::move(*open_folder(temp_root())); }

unsigned mode_of(const std::string& path) {
  struct stat info;
  CHECK_EQUAL(::stat(path.c_str(), &info), 0);
  return info.st_mode & 07777;
}

// Files of this process cannot grow beyond that any more: the nearest to a full tmpfs that needs no
// privileges.
void limit_files(uint64_t bytes) {
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, bytes};
  CHECK_EQUAL(::setrlimit(RLIMIT_FSIZE, &limit), 0);
}

}  // namespace

TEST("file: folders get exactly the permissions asked for, and existing ones stay as they are") {
  ::umask(077);
  const std::string path = temp_root() + "/shared";
  CHECK(make_folder(path, 01777));
  CHECK_EQUAL(mode_of(path), 01777u);
  CHECK(make_folder(path, 0700));
  CHECK_EQUAL(mode_of(path), 01777u);
  CHECK(!make_folder(temp_root() + "/no/parent", 0700));
  create_file(folder(), "plain");
  CHECK_THROWS(make_folder(temp_root() + "/plain/below", 0700), "mkdir", "/plain/below", "Not a directory");
}

TEST("file: a folder that is none, or a link to one, is not opened") {
  CHECK(!open_folder(temp_root() + "/missing"));
  CHECK(open_folder(temp_root()));
  CHECK_EQUAL(::symlink(temp_root().c_str(), (temp_root() + "/link").c_str()), 0);
  CHECK_THROWS(open_folder(temp_root() + "/link"), "open folder", "/link");
  create_file(folder(), "plain");
  CHECK_THROWS(open_folder(temp_root() + "/plain"), "Not a directory");
}

TEST("file: only regular files are opened, never through a link") {
  const Fd in = folder();
  CHECK(!open_file(in, "missing", Access::kRead));
  create_file(in, "plain");
  CHECK(open_file(in, "plain", Access::kReadWrite));
  CHECK_EQUAL(::symlink("plain", (temp_root() + "/link").c_str()), 0);
  CHECK_THROWS(open_file(in, "link", Access::kRead), "open link");
  CHECK_EQUAL(::mkfifo((temp_root() + "/fifo").c_str(), 0600), 0);
  CHECK_THROWS(open_file(in, "fifo", Access::kRead), "not a regular file");  // and does not block
  make_folder(temp_root() + "/folder", 0700);
  CHECK_THROWS(open_file(in, "folder", Access::kRead), "not a regular file");
}

TEST("file: descriptors are not handed down to other programs") {
  const Fd in = folder();
  const Fd made = create_file(in, "a");
  const auto opened = open_file(in, "a", Access::kRead);
  const auto unnamed = create_unnamed(in, temp_root());
  for (const Fd* fd : {&in, &made, &*opened, &*unnamed})
    CHECK((::fcntl(fd->get(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK_EQUAL(mode_of(temp_root() + "/a"), 0600u);
}

TEST("file: two cannot create the same one") {
  const Fd in = folder();
  create_file(in, "a");
  CHECK_THROWS(create_file(in, "a"), "create a", "File exists");
}

TEST("file: an unnamed one is invisible until it gets its name, which only one gets") {
  const Fd in = folder();
  const auto first = create_unnamed(in, temp_root());
  const auto second = create_unnamed(in, temp_root());
  CHECK(list_folder(in, temp_root()).empty());
  CHECK(publish_unnamed(in, *first, "a"));
  CHECK(!publish_unnamed(in, *second, "a"));
  CHECK(is_same_file(in, "a", *first));
  CHECK(!is_same_file(in, "a", *second));
  CHECK(!is_same_file(in, "b", *first));
}

TEST("file: a folder that was removed meanwhile is no error") {
  make_folder(temp_root() + "/gone", 0700);
  const auto in = open_folder(temp_root() + "/gone");
  const auto file = create_unnamed(*in, "gone");
  CHECK(remove_folder(temp_root() + "/gone"));
  CHECK(!publish_unnamed(*in, *file, "a"));
  const auto later = create_unnamed(*in, "gone");  // not every kernel minds
  CHECK(!later || !publish_unnamed(*in, *later, "a"));
}

TEST("file: what is removed is gone, and was there once") {
  const Fd in = folder();
  const Fd file = create_file(in, "a");
  CHECK(remove_file(in, "a"));
  CHECK(!remove_file(in, "a"));
  CHECK(!is_same_file(in, "a", file));
  make_folder(temp_root() + "/full", 0700);
  create_file(*open_folder(temp_root() + "/full"), "x");
  CHECK(!remove_folder(temp_root() + "/full"));
  CHECK(!remove_folder(temp_root() + "/missing"));
}

TEST("file: reserving takes memory for that part alone and keeps what was there") {
  const Fd in = folder();
  const Fd file = create_file(in, "a");
  resize(file, 64 * page_bytes(), "a");
  CHECK_EQUAL(file_size(file, "a"), 64 * page_bytes());
  const Mapping map(file, 64 * page_bytes(), Access::kReadWrite, "a");
  *map.at<uint64_t>(8) = 42;
  CHECK(reserve(file, 0, 4 * page_bytes(), "a"));
  CHECK_EQUAL(*map.at<uint64_t>(8), 42u);
  struct stat info;
  CHECK_EQUAL(::fstat(file.get(), &info), 0);
  CHECK_EQUAL(static_cast<uint64_t>(info.st_blocks) * 512, 4 * page_bytes());
  CHECK_EQUAL(file_size(file, "a"), 64 * page_bytes());
}

TEST("file: no room is an error that says so") {
  Child([] {
    const Fd file = create_file(folder(), "a");
    resize(file, 1 << 20, "a");
    limit_files(1 << 20);
    CHECK(reserve(file, 0, 1 << 20, "a"));
    CHECK_THROWS((void)reserve(file, 1 << 20, 4096, "a"), "no space", "reserve memory for a");
    CHECK_THROWS(resize(file, 2 << 20, "a"), "no space", "ftruncate a");
  }).join();
}

TEST("file: reserving makes no file longer, and says when one was truncated") {
  const Fd file = create_file(folder(), "a");
  resize(file, 4 * page_bytes(), "a");
  CHECK(reserve(file, page_bytes(), 3 * page_bytes(), "a"));
  CHECK(!reserve(file, page_bytes(), 4 * page_bytes(), "a"));
  resize(file, 100, "a");
  CHECK(!reserve(file, 0, page_bytes(), "a"));
  CHECK_EQUAL(file_size(file, "a"), 100u);
}

// A signal breaks the call off, and the kernel takes back what it had given: done in one call, this would
// never end.
TEST("file: reserving gets on while signals keep coming") {
  Child([] {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    CHECK_EQUAL(::sigaction(SIGALRM, &action, nullptr), 0);
    const itimerval often{{0, 100}, {0, 100}};
    constexpr uint64_t kBytes = 64u << 20;
    const Fd file = create_file(folder(), "a");
    resize(file, kBytes, "a");
    CHECK_EQUAL(::setitimer(ITIMER_REAL, &often, nullptr), 0);
    CHECK(reserve(file, 0, kBytes, "a"));
    const itimerval never{};
    CHECK_EQUAL(::setitimer(ITIMER_REAL, &never, nullptr), 0);
    struct stat info;
    CHECK_EQUAL(::fstat(file.get(), &info), 0);
    CHECK_EQUAL(static_cast<uint64_t>(info.st_blocks) * 512, kBytes);
  }).join();
}

TEST("file: a read-only mapping sees what others write") {
  const Fd in = folder();
  const Fd file = create_file(in, "a");
  resize(file, page_bytes(), "a");
  const Mapping writable(file, page_bytes(), Access::kReadWrite, "a");
  const Mapping readable(*open_file(in, "a", Access::kRead), page_bytes(), Access::kRead, "a");
  *writable.at<uint64_t>(16) = 7;
  CHECK_EQUAL(*readable.at<uint64_t>(16), 7u);
  CHECK_THROWS(Mapping(*open_file(in, "a", Access::kRead), page_bytes(), Access::kReadWrite, "a"), "mmap a");
}

TEST("file: a folder for everybody whose maker died before it gave the rights gets them from the next") {
  const std::string path = temp_root() + "/shared";
  CHECK_EQUAL(::mkdir(path.c_str(), 0700), 0);
  CHECK(make_folder(path, 01777));
  struct stat info {};
  CHECK_EQUAL(::stat(path.c_str(), &info), 0);
  CHECK_EQUAL(info.st_mode & 07777, 01777u);
  CHECK_EQUAL(::chmod(path.c_str(), 0750), 0);  // what somebody chose stays
  CHECK(make_folder(path, 01777));
  CHECK_EQUAL(::stat(path.c_str(), &info), 0);
  CHECK_EQUAL(info.st_mode & 07777, 0750u);
}
