#!/bin/sh
# Runs, under an emulator, the tests in which processes or threads meet at one word.
# Usage: arm64.sh <emulator> <test program>
set -eu
names=$("$1" "$2" --list | grep -E '^(ring|events|bitmap|sleeper|steps): ')
passed=0
failed=0
old_ifs=$IFS
IFS='
'
for name in $names; do
  if "$1" "$2" "$name"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
IFS=$old_ifs
echo "arm64: $passed passed or skipped, $failed failed"
[ "$failed" -eq 0 ]
