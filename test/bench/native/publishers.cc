// 1 to 8 processes publish to one slot as fast as they can. Prints the time of one publish over all of them,
// and demands that a reader that looks afterwards finds one order without holes: each publisher's own count
// rises.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <new>
#include <stdexcept>

#include "bench.hpp"
#include "core/participant.hpp"
#include "core/publisher.hpp"
#include "core/subscription.hpp"

namespace {

using namespace babus;

constexpr uint32_t kDepth = 65535;
constexpr uint64_t kMessages = 200'000;  // of all publishers together
constexpr int kRounds = 5;

const core::SlotConfig kConfig{.name = "shared",
                               .schema_name = "bench/Bytes",
                               .descriptor = "{}",
                               .encoding = core::Encoding::kBytes,
                               .depth = kDepth,
                               .max_bytes = 64,
                               .max_publishers = 16};

struct Payload {
  uint64_t publisher;
  uint64_t count;
};

struct Shared {
  sync::Word32 ready;
  sync::Word32 go;
};

void publish(const std::string& root, Shared& shared, uint64_t publisher, uint64_t messages) {
  core::Participant participant(root, "bench", "publisher", true);
  core::Publisher out(participant.attach(kConfig));
  shared.ready.add_seq(1);
  while (shared.go.load_seq() == 0) ::usleep(100);
  for (uint64_t count = 1; count <= messages; ++count) {
    const uint32_t buffer = out.loan(sizeof(Payload));
    const Payload payload{publisher, count};
    std::memcpy(out.payload(buffer), &payload, sizeof payload);
    out.commit(buffer, sizeof payload);
  }
}

// The newest `depth` messages, oldest first. Throws when one is missing or one publisher's count does not
// rise.
void check_order(core::Subscription& subscription, uint64_t newest, uint32_t publishers) {
  std::vector<uint64_t> last(publishers, 0);
  for (uint64_t sequence = newest > kDepth ? newest - kDepth + 1 : 1; sequence <= newest; ++sequence) {
    core::Message message;
    if (!subscription.at(sequence, message)) throw std::runtime_error("a message is missing");
    Payload payload;
    std::memcpy(&payload, subscription.payload(message.buffer), sizeof payload);
    subscription.release(message.pin);
    if (payload.publisher >= publishers || payload.count <= last[payload.publisher])
      throw std::runtime_error("messages of one publisher are out of order");
    last[payload.publisher] = payload.count;
  }
}

double round_of(uint32_t publishers) {
  const bench::Root root;
  core::Participant participant(root.path(), "bench", "reader", true);
  core::Subscription subscription(participant.attach(kConfig));
  void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("no memory");
  auto& shared = *new (memory) Shared;
  const uint64_t each = kMessages / publishers;
  std::fflush(stdout);
  for (uint32_t i = 0; i < publishers; ++i)
    if (::fork() == 0) {
      publish(root.path(), shared, i, each);
      ::_exit(0);
    }
  while (shared.ready.load_seq() < publishers) ::usleep(1000);
  const uint64_t start = bench::now_ns();
  shared.go.store_seq(1);
  for (uint32_t i = 0; i < publishers; ++i) {
    int status = 0;
    if (::wait(&status) < 0 || status != 0) throw std::runtime_error("a publisher failed");
  }
  const uint64_t took = bench::now_ns() - start;
  ::munmap(memory, sizeof(Shared));
  const uint64_t newest = subscription.slot().newest();
  if (newest != each * publishers)
    throw std::runtime_error("the sequence has not one number for each message");
  check_order(subscription, newest, publishers);
  return static_cast<double>(took) / static_cast<double>(newest);
}

}  // namespace

int main() {
  for (const uint32_t publishers : {1u, 2u, 4u, 8u}) {
    std::vector<double> times;
    for (int round = 0; round < kRounds; ++round) times.push_back(round_of(publishers));
    bench::print(bench::figure_of("publishers", std::to_string(publishers), times));
  }
}
