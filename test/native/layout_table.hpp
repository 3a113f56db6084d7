#pragma once

namespace babus::test {

// Prints "struct field offset bytes" for everything in shared memory, for the comparison with
// native/README.md.
int print_layout();

}  // namespace babus::test
