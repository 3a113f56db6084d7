#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/recovery.hpp"
#include "support/child.hpp"
#include "support/slots.hpp"

// A process that crashes and writes its core file: it runs no instruction of ours any more, but the kernel
// lets go of its locks only when the file is written, which takes seconds for a large one.
namespace {

using namespace babus::core;
using namespace babus::test;

constexpr uint64_t kPrivateBytes = uint64_t{192} << 20;  // what makes the core file large
constexpr uint64_t kMarkBytes = 32;

// Core files of this machine are written into the folder of the process that crashed; else the test is
// skipped: a program that the kernel pipes them to is none of ours to feed.
void demand_core_files() {
  std::string pattern;
  std::getline(std::ifstream("/proc/sys/kernel/core_pattern"), pattern);
  if (pattern.empty() || pattern[0] == '|' || pattern.find('/') != std::string::npos)
    throw Skipped("core_pattern is '" + pattern + "', which writes no file where a process crashed");
  rlimit limit{};
  ::getrlimit(RLIMIT_CORE, &limit);
  if (limit.rlim_max != RLIM_INFINITY) throw Skipped("the hard limit keeps core files small (ulimit -Hc)");
  limit.rlim_cur = limit.rlim_max;
  CHECK_EQUAL(::setrlimit(RLIMIT_CORE, &limit), 0);
}

// A folder on disk, gone with this object.
struct Folder {
  Folder() { CHECK(::mkdtemp(path.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string path = std::filesystem::temp_directory_path() / "babus-core-XXXXXX";
};

// Made here, so that it stands nowhere in the program itself.
std::string mark() {
  std::string text(kMarkBytes, '\0');
  for (uint64_t i = 0; i < kMarkBytes; ++i) text[i] = static_cast<char>('A' + i * 7 % 26);
  return text;
}

void fill_with_mark(std::byte* payload, uint64_t bytes) {
  for (uint64_t i = 0; i < bytes; ++i) payload[i] = static_cast<std::byte>('A' + i % kMarkBytes * 7 % 26);
}

SlotConfig large() {
  SlotConfig c = config();
  c.max_bytes = 1 << 20;
  return c;
}

void hold_and_crash(const Folder& folder) {
  CHECK_EQUAL(::chdir(folder.path.c_str()), 0);
  const SlotConfig c = large();
  Ends ends(c, "victim");
  for (int i = 0; i < 3; ++i) {
    const uint32_t buffer = ends.publisher.loan(8);
    ends.publisher.reserve(buffer, c.max_bytes);
    fill_with_mark(ends.publisher.payload(buffer), c.max_bytes);
    if (i > 0) ends.publisher.commit(buffer, c.max_bytes);  // the first stays on loan
  }
  Message message;
  CHECK(ends.subscription.at(1, message));
  void* ballast = ::mmap(nullptr, kPrivateBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  std::memset(ballast, 'x', kPrivateBytes);
  ::signal(SIGABRT, SIG_DFL);
  ::raise(SIGABRT);
}

bool is_dumping(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("CoreDumping:")) return line.ends_with('1');
  return false;
}

uint64_t core_bytes(const Folder& folder) {
  uint64_t bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder.path)) bytes += file.file_size();
  return bytes;
}

bool has_mark(const Folder& folder) {
  const std::string wanted = mark();
  for (const auto& file : std::filesystem::directory_iterator(folder.path)) {
    std::ifstream in(file.path(), std::ios::binary);
    std::string kept, block(1 << 20, '\0');
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0) {
      kept.append(block, 0, static_cast<size_t>(in.gcount()));
      if (kept.find(wanted) != std::string::npos) return true;
      kept.erase(0, kept.size() - std::min<size_t>(kept.size(), kMarkBytes));
    }
  }
  return false;
}

}  // namespace

TEST("core dump: who dumps core is not dead before the kernel is done, then all it held comes back") {
  demand_core_files();
  const Folder folder;
  Ends keep(large(), "keep");
  Child victim([&] { hold_and_crash(folder); });
  uint64_t seen = 0;
  while (!victim.has_ended()) {
    if (!is_dumping(victim.pid())) continue;
    const bool recovered = recover_if_dead(keep.participant->domain(), 1);
    if (!is_dumping(victim.pid())) continue;  // it ended meanwhile
    CHECK(!recovered);
    CHECK_EQUAL(ControlFile(large()).count_pins(), 1u);
    ++seen;
    publish(keep.publisher, seen);  // nobody waits for it, and its buffers are left alone
  }
  CHECK(seen > 0);
  victim.kill();  // reaps it
  keep.participant->recover_the_dead();
  CHECK_EQUAL(DomainBytes().taken_rows(), 1u);
  CHECK_EQUAL(ControlFile(large()).count_pins(), 0u);
  CHECK_EQUAL(ControlFile(large()).count_states(1), 0u);
  CHECK(core_bytes(folder) > kPrivateBytes / 2);  // or nothing was dumped
  CHECK(!has_mark(folder));                       // messages are not part of it
}
