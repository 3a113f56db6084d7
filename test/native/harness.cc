#include "harness.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "core/error.hpp"
#include "layout_table.hpp"
#include "os/error.hpp"
#include "os/process.hpp"

namespace babus::test {
namespace {

constexpr unsigned kWatchdogSeconds = 120;
constexpr int kSkippedCode = 77;

struct Case {
  const char* sentence;
  Body body;
};

std::vector<Case>& cases() {
  static std::vector<Case> all;
  return all;
}

std::string root;

// Under the id of a surrounding test run, so that its own search for things left behind finds ours.
std::string make_root() {
  const char* run = std::getenv("BABUS_TEST_RUN");
  std::string path = std::string("/dev/shm/babus-test-") + (run ? run : "native") + "-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) os::fail("mkdtemp", path);
  return path;
}

int run_here(const Case& each) {
  try {
    each.body();
    return 0;
  } catch (const Skipped& skipped) {
    std::printf("  skipped: %s\n", skipped.what());
    return kSkippedCode;
  } catch (...) {
    std::fprintf(stderr, "  %s\n", describe_current_exception().c_str());
    return 1;
  }
}

[[noreturn]] void run_in_child(const Case& each) {
  ::setpgid(0, 0);
  os::die_with_parent();
  ::alarm(kWatchdogSeconds);
  const int code = run_here(each);
  std::exit(code);  // not _exit: the leak checker runs at exit
}

// 0 passed, 77 skipped, else failed.
int run(const Case& each) {
  root = make_root();
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) os::fail("fork", each.sentence);
  if (child == 0) run_in_child(each);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  ::kill(-child, SIGKILL);  // children that the test left
  std::error_code ignored;
  std::filesystem::remove_all(root, ignored);
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  const bool hung = WTERMSIG(status) == SIGALRM;
  std::fprintf(stderr, "  ended by signal %d (%s)\n", WTERMSIG(status),
               hung ? "it hung" : strsignal(WTERMSIG(status)));
  return 1;
}

int list() {
  for (const Case& each : cases()) std::printf("%s\n", each.sentence);
  return 0;
}

int run_selected(const char* only) {
  int passed = 0, failed = 0, skipped = 0;
  for (const Case& each : cases()) {
    if (only != nullptr && std::strcmp(only, each.sentence) != 0) continue;
    const int code = run(each);
    const char* verdict = code == 0 ? "ok" : code == kSkippedCode ? "skipped" : "FAILED";
    ++(code == 0 ? passed : code == kSkippedCode ? skipped : failed);
    std::printf("%-8s%s\n", verdict, each.sentence);
  }
  std::printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
  if (only != nullptr && skipped == 1) return kSkippedCode;
  return failed == 0 && passed + skipped > 0 ? 0 : 1;
}

}  // namespace

bool add(const char* sentence, Body body) {
  cases().push_back({sentence, body});
  return true;
}

void fail(const char* file, int line, const std::string& what) {
  throw Failure(std::string(file) + ":" + std::to_string(line) + ": " + what);
}

const std::string& temp_root() { return root; }

std::string describe_current_exception() {
  try {
    throw;
  } catch (const core::Error& error) {
    return std::string(error.code()) + ": " + error.what();
  } catch (const os::SystemError& error) {
    return std::string("SystemError ") + (error.no_space() ? "(no space): " : ": ") + error.what();
  } catch (const std::exception& error) {
    return error.what();
  }
}

void check_contains(const std::string& text, std::initializer_list<const char*> parts, const char* file,
                    int line) {
  for (const char* part : parts)
    if (text.find(part) == std::string::npos)
      fail(file, line, "expected an error with '" + std::string(part) + "', got " + shown(text));
}

}  // namespace babus::test

// --list prints the names, --layout the layout of shared memory; a name runs that test alone.
int main(int count, char** arguments) {
  const std::string_view first = count > 1 ? arguments[1] : "";
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (first == "--list") return babus::test::list();
  if (first == "--layout") return babus::test::print_layout();
  return babus::test::run_selected(count > 1 ? arguments[1] : nullptr);
}
