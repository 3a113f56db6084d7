// A round trip through iceoryx, as its users would write it: one loaned chunk each way, each end asleep in a
// WaitSet. The payload is not rewritten. Prints one JSON object at the end that is called ping.
//
//   iceoryx ping|echo ROUNDS BYTES RUN
#include <sys/prctl.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "iceoryx_posh/popo/untyped_publisher.hpp"
#include "iceoryx_posh/popo/untyped_subscriber.hpp"
#include "iceoryx_posh/popo/wait_set.hpp"
#include "iceoryx_posh/runtime/posh_runtime.hpp"

namespace {

double now_us() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::micro>(now).count();
}

iox::capro::ServiceDescription service(const std::string& instance, const char* event) {
  const iox::capro::IdString_t name(iox::cxx::TruncateToCapacity, instance);
  return {"babus_bench", name, iox::capro::IdString_t(iox::cxx::TruncateToCapacity, event)};
}

void send(iox::popo::UntypedPublisher& publisher, uint32_t bytes) {
  publisher.loan(bytes).and_then([&](void* payload) { publisher.publish(payload); }).or_else([](auto) {
    std::fprintf(stderr, "iceoryx: no chunk can be loaned\n");
    std::exit(1);
  });
}

// Takes one message, sleeping until it is there.
void receive(iox::popo::UntypedSubscriber& subscriber, iox::popo::WaitSet<>& waits) {
  for (;;) {
    bool taken = false;
    subscriber.take().and_then([&](const void* payload) {
      subscriber.release(payload);
      taken = true;
    });
    if (taken) return;
    waits.wait();
  }
}

void print(std::vector<double>& times) {
  times.erase(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 10));
  std::sort(times.begin(), times.end());
  const auto at = [&](size_t per_mille) { return times[times.size() * per_mille / 1000]; };
  double sum = 0;
  for (const double time : times) sum += time;
  std::printf("{\"mean_us\":%.3f,\"p50_us\":%.3f,\"p99_us\":%.3f,\"p999_us\":%.3f,\"samples\":%zu}\n",
              sum / static_cast<double>(times.size()), at(500), at(990), at(999), times.size());
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) {
    std::fprintf(stderr, "usage: iceoryx ping|echo ROUNDS BYTES RUN\n");
    return 2;
  }
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  const bool is_ping = std::string(arguments[1]) == "ping";
  const long rounds = std::strtol(arguments[2], nullptr, 10);
  const auto bytes = static_cast<uint32_t>(std::strtoul(arguments[3], nullptr, 10));
  const std::string run = arguments[4];
  const std::string name = "babus_bench_" + run + (is_ping ? "_ping" : "_echo");
  iox::runtime::PoshRuntime::initRuntime(iox::RuntimeName_t(iox::cxx::TruncateToCapacity, name));
  iox::popo::UntypedPublisher publisher(service(run, is_ping ? "ping" : "echo"));
  iox::popo::UntypedSubscriber subscriber(service(run, is_ping ? "echo" : "ping"));
  iox::popo::WaitSet<> waits;
  if (waits.attachState(subscriber, iox::popo::SubscriberState::HAS_DATA).has_error()) return 1;
  // Each end must know the other before the first message, or that is lost.
  while (!publisher.hasSubscribers() || subscriber.getSubscriptionState() != iox::SubscribeState::SUBSCRIBED)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::vector<double> times;
  for (long round = 0; round < rounds; ++round) {
    const double start = now_us();
    if (is_ping) send(publisher, bytes);
    receive(subscriber, waits);
    if (is_ping)
      times.push_back(now_us() - start);
    else
      send(publisher, bytes);
  }
  if (is_ping) print(times);
  std::fflush(stdout);
  return 0;
}
