#include "os/process.hpp"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>

#include "harness.hpp"
#include "support/child.hpp"

namespace {

using namespace babus::os;
using babus::test::Child;
using babus::test::Signal;

// A child that has told us who it is.
struct Known {
  ProcessId& id = babus::test::shared<ProcessId>();
  Signal told;
  Child child{[this] {
    id = this_process();
    told.give();
    babus::test::wait_for_death();
  }};
  Known() { told.await(); }
};

}  // namespace

TEST("process: this one runs, and knows its namespace") {
  const ProcessId self = this_process();
  CHECK_EQUAL(self.pid, static_cast<uint32_t>(::getpid()));
  CHECK(self.start_time > 0);
  CHECK(self.pid_namespace > 0);
  CHECK(is_running(self));
}

TEST("process: a stopped one runs, a killed one does not, a zombie neither") {
  Known known;
  CHECK(is_running(known.id));
  known.child.signal(SIGSTOP);
  CHECK(is_running(known.id));
  known.child.kill_to_zombie();
  CHECK(!is_running(known.id));
  known.child.kill();
  CHECK(!is_running(known.id));
}

TEST("process: another process with the same pid is another process") {
  Known known;
  ProcessId earlier = known.id;
  earlier.start_time -= 1;
  CHECK(!is_running(earlier));
}

TEST("process: numbers that name no process name no running one") {
  for (const uint32_t pid : {0u, 0x7fffffffu, 0xffffffffu})
    CHECK(!is_running({pid, 1, this_process().pid_namespace}));
}

TEST("process: one whose first thread has ended runs as long as another does") {
#ifdef __SANITIZE_THREAD__
  throw babus::test::Skipped("the thread sanitizer does not follow a first thread that ends alone");
#endif
  static ProcessId& id = babus::test::shared<ProcessId>();
  static const Signal* const told = new Signal;
  Child child([] {
    id = this_process();
    pthread_t thread;
    const auto work = [](void* first) -> void* {
      ::pthread_join(*static_cast<pthread_t*>(first), nullptr);
      told->give();
      babus::test::wait_for_death();
    };
    static pthread_t first = ::pthread_self();
    CHECK_EQUAL(::pthread_create(&thread, nullptr, work, &first), 0);
    ::syscall(SYS_exit, 0);  // ends this thread alone
  });
  told->await();
  CHECK(is_running(id));
  child.kill();
  CHECK(!is_running(id));
}

TEST("process: one that asked for it dies with its parent") {
  const Signal ready;
  static ProcessId& grandchild = babus::test::shared<ProcessId>();
  int lifeline[2];
  CHECK_EQUAL(::pipe(lifeline), 0);
  Child parent([&] {
    if (::fork() == 0) {
      ::close(lifeline[0]);
      if (!die_with_parent()) ::_exit(1);
      grandchild = this_process();
      ready.give();
      babus::test::wait_for_death();
    }
    ::close(lifeline[0]);
    ::close(lifeline[1]);
    babus::test::wait_for_death();
  });
  ready.await();
  ::close(lifeline[1]);
  CHECK(is_running(grandchild));
  parent.kill();
  char nothing;
  CHECK_EQUAL(::read(lifeline[0], &nothing, 1), 0);  // ends when the last holder, the grandchild, is gone
  ::close(lifeline[0]);
}

TEST("process: one that has ended is known to have where a sandbox forbids to hold processes open") {
  for (const int number : {EPERM, ENOSYS}) {
    Known zombie, gone, living;
    zombie.child.kill_to_zombie();
    gone.child.kill();
    Child([&] {
      sock_filter forbid[] = {
          BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
          BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_open, 0, 1),
          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(number)),
          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      };
      const sock_fprog program{4, forbid};
      CHECK_EQUAL(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
      CHECK_EQUAL(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
      CHECK(!is_running(gone.id));
      CHECK(!is_running(zombie.id));
      CHECK(is_running(living.id));
      ProcessId reused = living.id;
      --reused.start_time;
      CHECK(!is_running(reused));
    }).join();
  }
}
