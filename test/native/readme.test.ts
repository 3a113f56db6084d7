import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO } from '../support/index.js';
import { buildTests, runTests } from './build.js';

const README = readFileSync(join(REPO, 'native/README.md'), 'utf8');

interface Field {
  readonly offset: number;
  readonly bytes: number;
  readonly name: string;
}

/** The README's tables below "### `Name`: N bytes". */
function tables(): Map<string, { bytes: number; fields: Field[] }> {
  const sections = [...README.matchAll(/^### `(\w+)`: (\d+) bytes\n([^]*?)(?=^##)/gm)];
  return new Map(
    sections.map(([, name, bytes, text]) => {
      const rows = [...text!.matchAll(/^\| (\d+) +\| (\d+) +\| ([\w()]+) +\|/gm)];
      const fields = rows.map((row) => ({ offset: Number(row[1]), bytes: Number(row[2]), name: row[3]! }));
      return [name!, { bytes: Number(bytes), fields }];
    }),
  );
}

/** A place in the sources: `file function`. */
type Place = string;

/** Every comment `// PAIR name`: name → places. */
function pairsInSources(): Map<string, Set<Place>> {
  const pairs = new Map<string, Set<Place>>();
  for (const layer of ['os', 'sync', 'core', 'addon'])
    for (const file of readdirSync(join(REPO, 'native', layer)).filter((name) => /\.(hpp|cc)$/.test(name))) {
      const path = `${layer}/${file}`;
      const lines = readFileSync(join(REPO, 'native', path), 'utf8').split('\n');
      lines.forEach((line, number) => {
        const comment = /\/\/ (PAIR \w+(?:, PAIR \w+)*)/.exec(line)?.[1];
        for (const [, name] of comment?.matchAll(/PAIR (\w+)/g) ?? [])
          add(pairs, name!, `${path} ${functionAround(path, lines, number)}`);
      });
    }
  return pairs;
}

/** The formatter puts the heads of functions at the left edge, and those of a class's own two columns from it. */
function functionAround(path: string, lines: readonly string[], number: number): string {
  const head = path.endsWith('.hpp')
    ? /^ {0,2}(?!return|if|for|while|else|\/\/)[\w~][^(]*?(~?\w+)\(/
    : /^(?!return|if|for|while|else|\/\/)[\w~][^(]*?(~?\w+)\(/;
  for (let at = number; at >= 0; at--) {
    const found = head.exec(lines[at]!);
    if (found) return found[1]!;
  }
  return assert.fail(`${path}:${number + 1} is in no function`);
}

/** The README's table of pairs: name → places of both its ends. */
function pairsInReadme(): Map<string, Set<Place>> {
  const pairs = new Map<string, Set<Place>>();
  const [, table] = /^## Pairs\n([^]*?)^## /m.exec(README) ?? [];
  for (const row of table?.match(/^\| \w+ \|.*$/gm) ?? []) {
    const [, name, one, other, guarantee, reason] = row.split('|').map((cell) => cell.trim());
    if (name === 'pair') continue;
    const ends = [one!, other!].map((end) => [...end.matchAll(/`([\w/.]+)` (~?\w+)/g)]);
    assert.ok(
      ends.every((end) => end.length > 0),
      `${name}: an end without file and function`,
    );
    assert.ok(guarantee && reason, `${name}: no guarantee or no reason`);
    for (const [, path, place] of ends.flat()) add(pairs, name!, `${path} ${place}`);
  }
  return pairs;
}

function add(pairs: Map<string, Set<Place>>, name: string, place: Place): void {
  pairs.set(name, (pairs.get(name) ?? new Set()).add(place));
}

function listed(pairs: Map<string, Set<Place>>): string[] {
  return [...pairs].flatMap(([name, places]) => [...places].map((place) => `${name}: ${place}`)).sort();
}

describe('native/README.md', () => {
  before(buildTests);

  it('has the layout that the compiler makes', async () => {
    const { stdout } = await runTests(['--layout']);
    const made = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ') as [string, string, string, string]);
    const written = [...tables()].flatMap(([struct, { bytes, fields }]) => [
      `${struct} - 0 ${bytes}`,
      ...fields
        .filter(({ name }) => !name.startsWith('('))
        .map(({ name, offset, bytes: size }) => `${struct} ${name} ${offset} ${size}`),
    ]);
    assert.ok(made.length > 50, stdout);
    assert.deepEqual(written.sort(), made.map((fields) => fields.join(' ')).sort());
  });

  for (const [struct, { bytes, fields }] of tables())
    it(`accounts for every byte of ${struct}`, () => {
      let end = 0;
      for (const field of fields) {
        assert.equal(field.offset, end, `${field.name} begins where the one before it ends`);
        end += field.bytes;
      }
      assert.equal(end, bytes);
    });

  it('lists both ends of every pair in the sources, and no other', () => {
    const sources = listed(pairsInSources());
    assert.ok(sources.length >= 20, sources.join('\n'));
    assert.deepEqual(listed(pairsInReadme()), sources);
  });

  it('has two ends for every pair', () => {
    for (const [name, places] of pairsInSources())
      assert.ok(places.size >= 2, `PAIR ${name} is only at ${[...places].join()}`);
  });
});
