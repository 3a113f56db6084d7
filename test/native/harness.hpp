#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

// A test program in a few lines: TEST("what is true") { CHECK(...); }. Each test runs in a process of its
// own, so that one that crashes, hangs or leaves children behind fails alone.
namespace babus::test {

using Body = void (*)();
bool add(const char* sentence, Body body);

// Thrown by a failed check; what() has the place and the values.
class Failure : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Thrown by a test that this machine cannot run.
class Skipped : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

[[noreturn]] void fail(const char* file, int line, const std::string& what);

// A folder on tmpfs that is this test's own; removed, with all it holds, when the test has ended in whatever
// way.
const std::string& temp_root();

inline std::string shown(std::string_view value) { return "'" + std::string(value) + "'"; }
template <typename T>
requires(std::is_arithmetic_v<T> || std::is_enum_v<T>) std::string shown(T value) {
  if constexpr (std::is_enum_v<T>)
    return std::to_string(static_cast<long long>(value));
  else
    return std::to_string(value);
}

template <typename A, typename B>
void check_equal(const A& actual, const B& wanted, const char* text, const char* file, int line) {
  if (actual == wanted) return;
  fail(file, line, std::string(text) + " is " + shown(actual) + ", not " + shown(wanted));
}

// What the call throws, as "CODE: message" for errors with a code; empty when it throws nothing.
std::string describe_current_exception();
template <typename Call>
std::string thrown_by(Call&& call) {
  try {
    call();
  } catch (const Failure&) {
    throw;
  } catch (...) {
    return describe_current_exception();
  }
  return "";
}

// Fails unless every part is in the text.
void check_contains(const std::string& text, std::initializer_list<const char*> parts, const char* file,
                    int line);

}  // namespace babus::test

#define BABUS_JOIN_(a, b) a##b
#define BABUS_JOIN(a, b) BABUS_JOIN_(a, b)
#define TEST(sentence)                                              \
  static void BABUS_JOIN(test_, __LINE__)();                        \
  [[maybe_unused]] static const bool BABUS_JOIN(added_, __LINE__) = \
      ::babus::test::add(sentence, BABUS_JOIN(test_, __LINE__));    \
  static void BABUS_JOIN(test_, __LINE__)()
#define CHECK(condition)                                                   \
  do {                                                                     \
    if (!(condition)) ::babus::test::fail(__FILE__, __LINE__, #condition); \
  } while (false)
#define CHECK_EQUAL(actual, wanted) \
  ::babus::test::check_equal((actual), (wanted), #actual, __FILE__, __LINE__)
// CHECK_THROWS(call(), "ERR_BABUS_X", "part of the message", ...)
#define CHECK_THROWS(expression, ...)                                                                   \
  ::babus::test::check_contains(::babus::test::thrown_by([&] { expression; }), {__VA_ARGS__}, __FILE__, \
                                __LINE__)
