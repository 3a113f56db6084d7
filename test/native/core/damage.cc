#include <sys/stat.h>

#include <atomic>
#include <optional>
#include <thread>

#include "core/inspection.hpp"
#include "core/sleeper.hpp"
#include "support/child.hpp"
#include "support/slots.hpp"
#include "support/small_tmpfs.hpp"
#include "support/victim.hpp"

// Files that are cut short, emptied or filled with nonsense while they are mapped. What belongs to them is
// refused by name; everything else goes on.
namespace {

using namespace babus::core;
using namespace babus::test;
namespace os = babus::os;

uint64_t size_of(const std::string& file) {
  struct stat info;
  CHECK_EQUAL(::stat((domain_path() + "/" + file).c_str(), &info), 0);
  return static_cast<uint64_t>(info.st_size);
}

void resize_file(const std::string& file, uint64_t bytes) {
  os::resize(*os::open_file(domain_folder(), file, os::Access::kReadWrite), bytes, file);
}

// Buffers of several pages, so that each loan backs its own with memory.
SlotConfig large(const std::string& name = "a/b") {
  SlotConfig c = config(name);
  c.max_bytes = 20'000;
  return c;
}

// Works as if nothing had happened.
void check_works(Ends& ends) {
  for (uint64_t i = 1; i <= 40; ++i) {
    publish(ends.publisher, i);
    CHECK_EQUAL(take_value(ends.subscription), i);
  }
}

// A file that takes all the memory that the file system has left.
class Filler {
 public:
  Filler() {
    uint64_t filled = 0;
    for (uint64_t bytes = 4 << 20; bytes >= 4096; bytes /= 2)
      while (thrown_by([&] { (void)os::reserve(file_, filled, bytes, "filler"); }).empty()) filled += bytes;
  }
  ~Filler() {
    os::remove_file(domain_folder(), "filler");
    os::resize(file_, 0, "filler");
  }
  Filler(const Filler&) = delete;
  Filler& operator=(const Filler&) = delete;

 private:
  os::Fd file_ = os::create_file(domain_folder(), "filler");
};

// A message as long as the slot allows, whose first number is `value`.
uint64_t publish_whole(Publisher& publisher, uint64_t value) {
  const uint32_t buffer = publisher.loan(sizeof value);
  try {
    publisher.reserve(buffer, 20'000);
  } catch (...) {
    publisher.discard(buffer);
    throw;
  }
  std::memset(publisher.payload(buffer), 'x', 20'000);
  std::memcpy(publisher.payload(buffer), &value, sizeof value);
  return publisher.commit(buffer, 20'000);
}

void start_anew() {
  const os::Fd folder = domain_folder();
  for (const auto& file : os::list_folder(folder, domain_path())) os::remove_file(folder, file);
}

// Publishes and takes until it is refused. Empty when it is not.
std::string refusal(Ends& ends) {
  for (int i = 0; i < 40; ++i) {
    const std::string error = thrown_by([&] {
      publish(ends.publisher, 1);
      take_value(ends.subscription);
    });
    if (!error.empty()) return error;
  }
  return "";
}

void check_refused(Ends& ends, const char* code, const char* file) {
  CHECK_THROWS(ends.publisher.loan(8), code, file, "while in use");
  Message message;
  CHECK_THROWS(ends.subscription.take(message), code, file, "while in use");
  CHECK_THROWS(ends.subscription.at(1, message), code, file, "while in use");
  CHECK_THROWS(ends.subscription.newest(), code, file, "while in use");
}

}  // namespace

TEST("damage: a data file cut short ends nobody, is refused by name, and is not made longer again") {
  for (const SlotConfig& c : {config(), large()})
    for (const bool half : {false, true}) {
      Ends beside(config("beside"), "beside");
      {
        Ends ends(c), reader(c);
        const std::string file = data_name(c);
        publish(ends.publisher, 1);
        Message held;
        CHECK(reader.subscription.at(1, held));
        const uint32_t loaned = ends.publisher.loan(8);
        const uint64_t left = half ? size_of(file) / 2 : 0;
        resize_file(file, left);
        std::memset(ends.publisher.payload(loaned), 'x', 64);  // as a handler does that has a view
        const std::string error = refusal(ends);
        CHECK(half || !error.empty());  // nobody may have come to what is gone
        if (!error.empty())
          check_contains(error, {"ERR_BABUS_SLOT_CORRUPT", "slot a/b", file.c_str(), "truncated"}, __FILE__,
                         __LINE__);
        CHECK_EQUAL(size_of(file), left);
        value_of(reader.subscription, held);
        reader.subscription.release(held.pin);
        CHECK(half || thrown_by([&] { reader.subscription.at(1, held); }).find(file) != std::string::npos);
        CHECK_THROWS(Ends late(c), "ERR_BABUS_SLOT_CORRUPT", "slot a/b");
        check_works(beside);
      }
      start_anew();
    }
}

TEST("damage: a message whose data was cut off is not delivered, even if the file is made long again") {
  const SlotConfig c = large();
  Ends ends(c), late(c);
  publish(ends.publisher, 1);
  const uint64_t bytes = size_of(data_name(c));
  resize_file(data_name(c), 0);
  Message message;
  CHECK_THROWS(ends.subscription.take(message), "ERR_BABUS_SLOT_CORRUPT", data_name(c).c_str());
  CHECK_EQUAL(ControlFile(c).count_pins(), 0u);
  resize_file(data_name(c), bytes);
  CHECK_THROWS(late.subscription.take(message), "ERR_BABUS_SLOT_CORRUPT", "message 1");
}

TEST("damage: what was written to a page that is gone is not published") {
  const SlotConfig c = large();
  Ends ends(c);
  const uint32_t buffer = ends.publisher.loan(20'000);
  resize_file(data_name(c), buffer * ends.publisher.slot().geometry().stride + 4096);
  std::memset(ends.publisher.payload(buffer), 'x', 20'000);
  CHECK_THROWS(ends.publisher.commit(buffer, 20'000), "ERR_BABUS_SLOT_CORRUPT", "slot a/b", "truncated");
  CHECK_EQUAL(ControlFile(c).header().head.load_seq(), 1u);
  ends.publisher.discard(buffer);
}

TEST("damage: a control file cut short or emptied ends nobody and is refused by name") {
  const SlotConfig c = large();
  for (const int how : {0, 1, 2}) {
    Ends beside(config("beside"), "beside");
    {
      Ends ends(c);
      const std::string file = control_name(c);
      check_works(ends);
      Message held;
      CHECK(ends.subscription.at(ends.subscription.newest(), held));
      const uint32_t loaned = ends.publisher.loan(8);
      const uint64_t bytes = size_of(file);
      resize_file(file, how == 1 ? bytes / 2 : 0);
      if (how == 2) resize_file(file, bytes);
      if (how != 1) CHECK_THROWS(ends.publisher.commit(loaned, 8), "ERR_BABUS_SLOT_CORRUPT", file.c_str());
      if (how != 1) check_refused(ends, "ERR_BABUS_SLOT_CORRUPT", file.c_str());
      CHECK_THROWS(join("late")->attach(c), "ERR_BABUS_SLOT_CORRUPT", file.c_str());
      if (how != 1) CHECK_THROWS(ends.participant->attach(c), "ERR_BABUS_SLOT_CORRUPT", file.c_str());
      for (int i = 0; i < 40; ++i) refusal(ends);  // half of it may be enough to go on with
      CHECK_EQUAL(value_of(ends.subscription, held), 40u);
      check_works(beside);
      inspect(temp_root(), kDomain);
    }
    beside.participant->recover_the_dead();
    check_works(beside);
    start_anew();
  }
}

TEST("damage: a domain file cut short ends nobody, and every call says so by its name") {
  for (const int how : {0, 1, 2}) {
    Ends ends(large());
    check_works(ends);
    const uint64_t bytes = size_of("domain");
    resize_file("domain", how == 1 ? bytes / 2 : 0);
    if (how == 2) resize_file("domain", bytes);
    if (how == 1) {
      thrown_by([&] { ends.participant->attach(config("new")); });  // its place may be gone
    } else {
      check_refused(ends, "ERR_BABUS_DOMAIN_CORRUPT", "/domain was truncated");
      CHECK_THROWS(ends.participant->attach(large()), "ERR_BABUS_DOMAIN_CORRUPT", "domain 'test'");
      CHECK_THROWS(ends.participant->attach("a/b"), "ERR_BABUS_DOMAIN_CORRUPT", "start it again");
    }
    ends.participant->recover_the_dead();
    CHECK_THROWS(join("late"), "ERR_BABUS_DOMAIN", "damaged");
    CHECK_THROWS(inspect(temp_root(), kDomain), "ERR_BABUS_DOMAIN");
    start_anew();
  }
  Ends ends;
  check_works(ends);
}

TEST("damage: a sleeper whose slot or domain is cut short wakes and is told; so does one that is cancelled") {
  for (const char* file : {"a.b@1.ctl", "domain"}) {
    Ends ends;
    Sleeper sleeper(*ends.participant);
    std::atomic<bool> woken{false};
    std::thread sleeping([&] {
      const std::vector<Sleeper::Watch> watches{{ends.subscription.slot().shared_from_this(), 0}};
      woken = sleeper.sleep(watches) == Sleeper::Woken::kNews;
    });
    while (DomainBytes().sleeping_rows() == 0) std::this_thread::yield();
    resize_file(file, 0);
    sleeping.join();
    CHECK(woken.load());
    std::thread idle([&] { woken = sleeper.sleep({}) == Sleeper::Woken::kCancelled; });
    sleeper.cancel();
    idle.join();
    CHECK(woken.load());
    start_anew();
  }
}

// What others may write into the control words must not decide whether memory is there.
TEST(
    "damage: a full file system is an error wherever memory would be touched first, whatever control words "
    "say") {
  mount_small_tmpfs(3 << 20);
  const SlotConfig c = large();
  Ends ends(c);
  check_works(ends);
  std::vector<std::unique_ptr<Participant>> others;
  for (int i = 0; i < 8; ++i) others.push_back(join("late"));  // one's counters lie in pages of their own
  Participant& late = *others.back();
  auto filler = std::make_unique<Filler>();
  CHECK_THROWS(late.attach(c), "no space");
  CHECK_THROWS(ends.participant->attach(config("more")), "no space");
  CHECK_EQUAL(inspect(temp_root(), kDomain).slots.size(), 1u);
  const ControlFile file(c);
  for (uint32_t b = 0; b < file.geometry().buffers; ++b) file.buffer(b).reserved.store_seq(~uint64_t{0});
  check_works(ends);  // in what it has already
  std::vector<uint32_t> loans{ends.publisher.loan(8)};
  CHECK_THROWS(ends.publisher.reserve(loans[0], 20'000), "no space", "a/b");
  CHECK(!ends.publisher.slot().is_damaged() && !ends.publisher.data()->is_damaged());
  filler.reset();
  late.attach(c);
  ends.publisher.reserve(loans[0], 20'000);
}

TEST("damage: on a full file system publishers take turns in the buffers that have memory already") {
  mount_small_tmpfs(3 << 20);
  const SlotConfig c = large();
  Ends first(c, "first"), second(c, "second");
  for (uint64_t i = 1; i <= 6; ++i) publish_whole(first.publisher, i);
  const Filler filler;
  for (uint64_t i = 7; i <= 60; ++i) {
    publish_whole(i % 2 ? first.publisher : second.publisher, i);
    second.subscription.seek(i - 1);
    CHECK_EQUAL(take_value(second.subscription), i);
  }
}

TEST(
    "damage: a loan that could not grow on a full file system is followed by one in a buffer that need not") {
  mount_small_tmpfs(3 << 20);
  const SlotConfig c = large();
  Ends ends(c);
  const uint32_t poor = ends.publisher.loan(8);
  for (uint64_t i = 1; i <= 6; ++i) publish_whole(ends.publisher, i);
  auto filler = std::make_unique<Filler>();
  for (uint64_t i = 7; i <= 20; ++i) publish_whole(ends.publisher, i);
  CHECK_THROWS(ends.publisher.reserve(poor, 20'000), "no space", "a/b");
  ends.publisher.discard(poor);
  for (uint64_t i = 21; i <= 60; ++i) publish_whole(ends.publisher, i);
  filler.reset();
  std::vector<uint32_t> loans{ends.publisher.loan(8), ends.publisher.loan(8)};
  for (const uint32_t loan : loans) ends.publisher.reserve(loan, 20'000);  // there is memory again
}

TEST("damage: who joined to look on may read, and is refused as a publisher") {
  Ends ends;
  const auto viewer = join("top", false, Role::kViewer);
  Subscription reader(viewer->attach(config()));
  publish(ends.publisher, 5);
  CHECK_EQUAL(take_value(reader), 5u);
  CHECK_THROWS(Publisher publisher(viewer->attach(config())), "ERR_BABUS_ARGUMENT", "slot a/b",
               "look on only");
  CHECK_EQUAL(ControlFile().header().publishers.count(), 1u);
}

// Each reader holds another message, each publisher all its loans, at the limits of a slot.
TEST("damage: readers that hold all pins for ever, and publishers all loans, stop nobody") {
  SlotConfig c = config();
  c.max_readers = 8;
  c.pins_per_reader = 6;
  c.max_publishers = 4;
  c.loans_per_publisher = 5;
  Ends going(c, "going");
  std::vector<std::unique_ptr<Participant>> participants;
  std::vector<std::unique_ptr<Subscription>> readers;
  std::vector<std::unique_ptr<Publisher>> publishers;
  for (uint32_t i = 1; i < c.max_readers; ++i) {
    participants.push_back(join("holder"));
    readers.push_back(std::make_unique<Subscription>(participants.back()->attach(c)));
    if (i < c.max_publishers)
      publishers.push_back(std::make_unique<Publisher>(participants.back()->attach(c)));
  }
  std::vector<std::pair<Subscription*, Message>> held;
  for (uint32_t pin = 0; pin < c.pins_per_reader; ++pin)
    for (const auto& reader : readers) {
      publish(going.publisher, held.size() + 1000);
      CHECK_EQUAL(take_value(going.subscription), held.size() + 1000);
      Message message;
      CHECK(reader->at(reader->newest(), message));
      held.emplace_back(reader.get(), message);
    }
  for (const auto& publisher : publishers)
    for (uint32_t i = 0; i < c.loans_per_publisher; ++i) publisher->loan(64);
  for (int round = 0; round < 50; ++round) check_works(going);
  for (size_t i = 0; i < held.size(); ++i) CHECK_EQUAL(value_of(*held[i].first, held[i].second), i + 1000);
  Message message;
  for (const auto& reader : readers)
    CHECK_THROWS(reader->at(reader->newest(), message), "ERR_BABUS_PIN_QUOTA");
  for (const auto& publisher : publishers) CHECK_THROWS(publisher->loan(8), "ERR_BABUS_LOAN_QUOTA");
}

TEST("damage: a control file that was made huge costs its slot alone, and keeps no dead row") {
  Ends keep(config("good"), "keep");
  Victim victim;
  CHECK_EQUAL(::truncate((domain_path() + "/" + control_name(config())).c_str(), off_t{1} << 50), 0);
  victim.child.kill();
  keep.participant->recover_the_dead();
  CHECK_EQUAL(DomainBytes().taken_rows(), 1u);
  CHECK_THROWS(keep.participant->attach(config()), "ERR_BABUS_SLOT_CORRUPT", "slot a/b",
               "1125899906842624 bytes");
  CHECK(publish(keep.publisher, 1) > 0);
}
