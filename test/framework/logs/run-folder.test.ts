import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  isRunning,
  LATEST,
  listRunDomains,
  listRuns,
  pruneRuns,
  readRun,
  RunFolder,
  stateFolder,
} from '../../../framework/logs/index.js';
import { tempDir } from '../../support/index.js';

const ABOUT = { domain: 'patrol', file: 'patrol.yaml', nodes: ['camera'] };

describe('RunFolder', () => {
  let state: string;
  beforeEach(() => {
    state = join(tempDir(), 'babus');
  });

  it('is a folder of the owner alone; latest points to the newest', () => {
    const first = RunFolder.make(state, ABOUT);
    const second = RunFolder.make(state, ABOUT);
    assert.notEqual(first.folder, second.folder);
    for (const folder of [state, join(state, 'patrol'), first.folder])
      assert.equal(statSync(folder).mode & 0o777, 0o700);
    const names = listRuns(state, 'patrol');
    assert.deepEqual(
      names.map((name) => join(state, 'patrol', name)),
      [first.folder, second.folder],
    );
    assert.equal(readlinkSync(join(state, 'patrol', LATEST)), names[1]);
    assert.deepEqual(readdirSync(join(state, 'patrol')).sort(), [...names, LATEST].sort());
    assert.deepEqual(listRunDomains(state), ['patrol']);
  });

  it('says what runs, and how it ended', () => {
    const run = RunFolder.make(state, ABOUT);
    const facts = readRun(run.folder)!;
    assert.deepEqual(
      [facts.domain, facts.file, facts.nodes, facts.pid],
      ['patrol', 'patrol.yaml', ['camera'], process.pid],
    );
    assert.equal(isRunning(facts), true);
    assert.equal(isRunning({ ...facts, start_ticks: facts.start_ticks - 1 }), false);
    run.end(1);
    const ended = readRun(run.folder)!;
    assert.equal(isRunning(ended), false);
    assert.equal(ended.exit_code, 1);
  });

  it('removes the oldest runs, but none that is under way, and nothing else', async () => {
    const runs = Array.from({ length: 12 }, () => RunFolder.make(state, ABOUT));
    for (const run of runs.slice(1)) run.end(0);
    writeFileSync(join(state, 'patrol', 'notes'), 'mine');
    mkdirSync(join(state, 'patrol', '2020-01-01'));
    await pruneRuns(state, 'patrol', 3);
    const kept = listRuns(state, 'patrol').map((name) => join(state, 'patrol', name));
    assert.deepEqual(
      kept,
      [runs[0]!, ...runs.slice(-3)].map(({ folder }) => folder),
    );
    assert.equal(readFileSync(join(state, 'patrol', 'notes'), 'utf8'), 'mine');
    assert.ok(readdirSync(join(state, 'patrol')).includes('2020-01-01'));
  });

  it('is in XDG_STATE_HOME, else in the home folder', () => {
    assert.equal(stateFolder({ XDG_STATE_HOME: '/x/state', HOME: '/x' }), '/x/state/babus');
    assert.equal(stateFolder({ XDG_STATE_HOME: 'relative', HOME: '/x' }), '/x/.local/state/babus');
    assert.equal(stateFolder({ HOME: '/x' }), '/x/.local/state/babus');
  });
});
