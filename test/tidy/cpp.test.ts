import assert from 'node:assert/strict';
import { homeViolations, includeViolations, withoutComments } from './cpp.js';
import { CPP_LAYERS } from './rules.js';
import { assertTidy, fixture, repositoryFiles } from './tree.js';

const HEADERS = {
  'native/os/futex.hpp': '',
  'native/sync/ring.hpp': '',
  'native/core/slot.hpp': '',
  'native/addon/addon.cc': '',
};

describe('tidy: C++ layers', () => {
  it('include only what their layer allows', () => assertTidy(includeViolations(repositoryFiles())));

  const bad: readonly [file: string, include: string, why: RegExp][] = [
    ['native/os/a.cc', '#include "sync/ring.hpp"', /native\/os may only include native\/os$/],
    ['native/os/a.cc', '#include "../core/slot.hpp"', /native\/os may only include/],
    ['native/sync/a.hpp', '#include "os/futex.hpp"', /native\/sync may only include native\/sync$/],
    ['native/sync/a.hpp', '  #  include  "native/core/slot.hpp"', /native\/sync may only include/],
    [
      'native/addon/a.cc',
      '#include "sync/ring.hpp"',
      /native\/addon may only include native\/addon, native\/core/,
    ],
    ['native/core/a.cc', '#include "addon/addon.cc"', /native\/core may only include/],
    ['native/core/a.cc', '#include "gone.hpp"', /does not exist/],
    ['native/new/a.cc', '#include "os/futex.hpp"', /has no layer/],
  ];
  for (const [file, include, why] of bad)
    it(`refuses ${include.trim()} in ${file}`, () => {
      const violations = includeViolations(fixture({ ...HEADERS, [file]: `\n${include}\n` }));
      assert.equal(violations.length, 1, violations.join('\n'));
      assert.match(violations[0]!, why);
      assert.ok(violations[0]!.startsWith(`${file}:2: `), violations[0]);
    });

  it('allows what the table allows, and what is only said in a comment', () => {
    const text =
      '#include "os/futex.hpp"\n#include "../sync/ring.hpp"\n#include "slot.hpp"\n#include <vector>\n';
    const files = { ...HEADERS, 'native/core/a.cc': `${text}// #include "addon/addon.cc"\n` };
    assertTidy(includeViolations(fixture(files)));
  });

  it('names only layers that exist', () => {
    const layers = Object.keys(CPP_LAYERS);
    assert.deepEqual(
      Object.values(CPP_LAYERS)
        .flat()
        .filter((name) => !layers.includes(name)),
      [],
    );
  });
});

describe('tidy: C++ homes', () => {
  it('hold Linux, atomics and Node apart', () => assertTidy(homeViolations(repositoryFiles())));

  const linux = [
    'sys/mman.h',
    'linux/futex.h',
    'fcntl.h',
    'unistd.h',
    'sched.h',
    'signal.h',
    'poll.h',
    'time.h',
  ];
  const bad: readonly [file: string, source: string, home: string][] = [
    ...linux.map((header): [string, string, string] => [
      'native/core/a.cc',
      `#include <${header}>`,
      'native/os',
    ]),
    ['native/core/a.cc', '#include <atomic>', 'native/sync'],
    ['native/addon/a.cc', 'std::atomic<bool> stop;', 'native/sync'],
    ['native/core/a.cc', 'std::atomic_ref<int>(x).load();', 'native/sync'],
    ['native/os/a.cc', '__atomic_load_n(p, 0);', 'native/sync'],
    ['native/core/a.cc', 'x.load(std::memory_order_relaxed);', 'native/sync'],
    ['native/core/a.cc', '#include <napi.h>', 'native/addon'],
    ['native/core/a.cc', '#include "uv.h"', 'native/addon'],
    ['native/os/a.cc', '#include <node_api.h>', 'native/addon'],
  ];
  for (const [file, source, home] of bad)
    it(`refuses ${source} in ${file}`, () => {
      const violations = homeViolations(fixture({ [file]: source }));
      assert.ok(violations.length >= 1);
      assert.ok(
        violations.every((each) => each.startsWith(`${file}:1: `) && each.includes(`belongs in ${home}`)),
      );
    });

  it('allows each at home, in comments, and in tests', () => {
    const files = fixture({
      'native/os/a.cc': '#include <sys/mman.h>\n#include <unistd.h>\n',
      'native/sync/a.hpp': '#include <atomic>\nstd::atomic<int> a;\n',
      'native/addon/a.cc': '#include <napi.h>\n#include <uv.h>\n',
      'native/core/a.cc':
        '// pairs with the std::atomic of #include <atomic>\n/* <unistd.h>\n#include <poll.h> */\n',
      'test/native/a.cc': '#include <unistd.h>\n#include <atomic>\n',
    });
    assertTidy(homeViolations(files));
  });
});

describe('tidy: comments of C++', () => {
  it('become blanks, strings stay', () => {
    assert.equal(withoutComments('a // b\nc'), 'a     \nc');
    assert.equal(withoutComments('a /* b\nc */ d'), 'a     \n     d');
    assert.equal(withoutComments('"// no" \'"\' // yes'), '"// no" \'"\'       ');
    assert.equal(withoutComments('R"x(// no "/*)x" /**/'), 'R"x(// no "/*)x"     ');
    assert.equal(withoutComments('"\\" // no" // yes'), '"\\" // no"       ');
  });
});
