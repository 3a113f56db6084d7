#pragma once
#include <cstdint>

namespace babus::test {

// Puts a tmpfs of that size over temp_root(), seen by this test's process and its children alone; gone with
// them. Skips the test where the kernel does not let us.
void mount_small_tmpfs(uint64_t bytes);

}  // namespace babus::test
