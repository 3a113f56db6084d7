#include "support/small_tmpfs.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

#include "harness.hpp"

namespace babus::test {
namespace {

void require(bool done, const char* what) {
  if (!done) throw Skipped(std::string("cannot ") + what + ": " + std::strerror(errno));
}

// Without root, a user namespace gives the right to mount in a mount namespace of our own.
void enter_namespaces() {
  if (::unshare(CLONE_NEWNS) == 0) return;
  const std::string user = std::to_string(::geteuid());
  require(::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0, "make a mount namespace");
  std::ofstream("/proc/self/uid_map") << user + " " + user + " 1";
}

}  // namespace

void mount_small_tmpfs(uint64_t bytes) {
  enter_namespaces();
  require(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "keep mounts to ourselves");
  const std::string options = "mode=700,size=" + std::to_string(bytes);
  require(::mount("tmpfs", temp_root().c_str(), "tmpfs", 0, options.c_str()) == 0, "mount a tmpfs");
}

}  // namespace babus::test
