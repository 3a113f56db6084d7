#include "core/names.hpp"

#include "harness.hpp"

using namespace babus::core;

TEST("names: of slots") {
  for (const char* good : {"a", "camera/image", "A_1/b_2/C3", "_"}) check_slot_name(good);
  check_slot_name(std::string(127, 'x'));
  const std::string bad[] = {"",
                             "/a",
                             "a/",
                             "a//b",
                             "a.b",
                             "a-b",
                             "a b",
                             "a\n",
                             "\xc3",
                             "../x",
                             "a/../b",
                             "a@1",
                             std::string(128, 'x'),
                             std::string("a\0b", 3)};
  for (const std::string& name : bad)
    CHECK_THROWS(check_slot_name(name), "ERR_BABUS_NAME", "slot names are segments");
}

TEST("names: of domains") {
  for (const char* good : {"a", "patrol-2", "A_b", "-"}) check_domain_name(good);
  check_domain_name(std::string(48, 'x'));
  for (const std::string& name :
       {std::string(), std::string("a/b"), std::string(".."), std::string("a.b"), std::string(49, 'x')})
    CHECK_THROWS(check_domain_name(name), "ERR_BABUS_NAME", "domain names have 1 to 48");
}

TEST("names: of participants are any text that fits") {
  check_participant_name("K\xc3\xb6nig, 2nd camera");
  check_participant_name(std::string(127, 'x'));
  for (const std::string& name : {std::string(), std::string(128, 'x'), std::string("a\0b", 3)})
    CHECK_THROWS(check_participant_name(name), "ERR_BABUS_NAME");
}

TEST("names: a hostile one reaches no terminal as it is") {
  const std::string message =
      babus::test::thrown_by([] { check_slot_name("\x1b[2Jgone\x7f" + std::string(10'000, '!')); });
  CHECK(message.find('\x1b') == std::string::npos && message.find('\x7f') == std::string::npos);
  CHECK(message.size() < 400);
}

TEST("names: in shared fields end with a zero and are never read beyond") {
  char field[8];
  write_name(field, sizeof field, "0123456789");
  CHECK_EQUAL(read_name(field, sizeof field), std::string("0123456"));
  write_name(field, sizeof field, "ab");
  CHECK_EQUAL(read_name(field, sizeof field), std::string("ab"));
  CHECK_EQUAL(field[7], '\0');
  for (char& c : field) c = 'x';  // as another process could leave it
  CHECK_EQUAL(read_name(field, sizeof field), std::string(8, 'x'));
}

TEST("names: no two slots share a file") {
  CHECK_EQUAL(slot_file_stem("camera/image", 3), std::string("camera.image@3"));
  CHECK(slot_file_stem("a/b", 1) != slot_file_stem("a_b", 1));
}
