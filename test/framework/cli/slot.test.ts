import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { native, type NativeParticipant } from '../../../framework/native.js';
import { summaryOf } from '../../../framework/schema/index.js';
import { slotConfig, SlotPublisher, slotSpec } from '../../../framework/slots/index.js';
import { Vector3 } from '../../../schemas/index.js';
import { runCli, spawnCli, tempDomain } from '../../support/index.js';

/** A domain with one slot, published to from this process. */
class Fixture {
  readonly root = tempDomain().root;
  readonly env = { BABUS_SHM: this.root, BABUS_DOMAIN: undefined };
  readonly participant: NativeParticipant;
  readonly publisher: SlotPublisher<Vector3>;
  #timer: NodeJS.Timeout | undefined;
  #count = 0;

  constructor(domain = 'look') {
    this.participant = new (native().Participant)({ root: this.root, domain, name: 'source', create: true });
    const spec = slotSpec('imu/raw', summaryOf(Vector3), { depth: 16 });
    this.publisher = new SlotPublisher(this.participant.publisher(slotConfig(spec)), Vector3);
  }

  publishEvery(ms: number): void {
    this.#timer = setInterval(() => this.publisher.publish({ x: ++this.#count, y: 0.5, z: -1 }), ms);
  }

  close(): void {
    clearInterval(this.#timer);
    this.participant.leave();
  }
}

function lines(text: string): Record<string, unknown>[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('babus slot', () => {
  let fixture: Fixture;
  beforeEach(() => {
    fixture = new Fixture();
  });
  afterEach(() => fixture.close());

  it('list: one object for each slot, with the keys that programs rely on', async () => {
    fixture.publisher.publish({ x: 1, y: 2, z: 3 });
    const { code, stdout, stderr } = await runCli(['slot', 'list', '--json'], { env: fixture.env });
    assert.equal(code, 0, stderr);
    assert.deepEqual(lines(stdout), [
      {
        slot: 'imu/raw',
        schema: 'std/Vector3',
        depth: 16,
        bytes: 24,
        seq: 1,
        publishers: 1,
        subscribers: 0,
        bit: 0,
      },
    ]);
    assert.deepEqual(
      Object.keys(lines(stdout)[0]!).join(),
      'slot,schema,depth,bytes,seq,publishers,subscribers,bit',
    );
  });

  it('list: as a table', async () => {
    const { stdout } = await runCli(['slot', 'list'], { env: fixture.env });
    assert.match(
      stdout,
      /^slot +schema +depth +bytes +seq +publishers +subscribers +bit\nimu\/raw +std\/Vector3 +16 +24 +0 +1 +0 +0\n$/,
    );
  });

  it('echo: messages from the next one on, with time and loss', async () => {
    fixture.publishEvery(5);
    const { code, stdout, stderr } = await runCli(['slot', 'echo', '/imu/raw', '-n', '3', '--json'], {
      env: fixture.env,
    });
    assert.equal(code, 0, stderr);
    const messages = lines(stdout);
    assert.equal(messages.length, 3);
    for (const [i, { slot, seq, time_ns, missed, message, ...rest }] of messages.entries()) {
      assert.deepEqual(rest, {});
      assert.equal(slot, 'imu/raw');
      assert.equal(seq, (messages[0]!['seq'] as number) + i);
      assert.match(time_ns as string, /^\d{19}$/);
      assert.equal(missed, 0);
      assert.deepEqual(message, { x: seq, y: 0.5, z: -1 });
    }
  });

  it('echo: as text, field by field', async () => {
    fixture.publishEvery(5);
    const { stdout } = await runCli(['slot', 'echo', 'imu/raw', '--once'], { env: fixture.env });
    assert.match(stdout, /^--- imu\/raw #\d+ at \d{4}-\d\d-\d\dT[\d:.]+Z\nx: \d+\ny: 0\.5\nz: -1\n$/);
  });

  it('echo: ends with 0 when interrupted, and takes a domain that nobody uses any more with it', async () => {
    fixture.publishEvery(5);
    const echo = spawnCli(['slot', 'echo', 'imu/raw'], { env: fixture.env });
    await echo.waitForOutput(/z: -1/);
    fixture.close();
    echo.kill('SIGINT');
    assert.deepEqual(await echo.exit(), { code: 0, signal: null });
    assert.deepEqual(readdirSync(fixture.root), []);
  });

  it('hz: one report a second, with the keys that programs rely on', async () => {
    fixture.publishEvery(10);
    const { code, stdout, stderr } = await runCli(['slot', 'hz', 'imu/raw', '-n', '1', '--json'], {
      env: fixture.env,
    });
    assert.equal(code, 0, stderr);
    const [report] = lines(stdout);
    assert.equal(Object.keys(report!).join(), 'slot,rate_hz,min_ms,max_ms,stddev_ms,window,bytes_per_s');
    assert.ok((report!['rate_hz'] as number) > 0);
    assert.equal(Math.round((report!['bytes_per_s'] as number) / (report!['rate_hz'] as number)), 24);
  });

  it('finds the only domain by itself, and asks which when there are several', async () => {
    const other = new (native().Participant)({
      root: fixture.root,
      domain: 'second',
      name: 'x',
      create: true,
    });
    const { code, stderr } = await runCli(['slot', 'list'], { env: fixture.env });
    assert.equal(code, 2);
    assert.equal(
      stderr,
      'several domains are running (look, second); name one with --domain or BABUS_DOMAIN\n',
    );
    assert.equal((await runCli(['slot', 'list'], { env: { ...fixture.env, BABUS_DOMAIN: 'look' } })).code, 0);
    other.leave();
  });

  const WRONG: readonly (readonly [args: string[], message: RegExp])[] = [
    [['slot', 'echo', 'imu/rav'], /^no slot 'imu\/rav' in domain 'look'; did you mean 'imu\/raw'\?\n$/],
    [['slot', 'echo', '../x'], /^slot '\.\.\/x': slot names are segments/],
    [['slot', 'list', '--domain', 'lok'], /^no domain 'lok' under .*; running: look\n$/],
    [['slot', 'list', '--domain', '../look'], /^domain '\.\.\/look': domain names have 1 to 48/],
    [['slot', 'echo', 'imu/raw', '-n', '0'], /'0' must be a whole number above 0/],
    [['slot', 'hz', 'imu/raw', '-w', 'x'], /'x' must be a whole number above 0/],
  ];
  for (const [args, message] of WRONG)
    it(`${args.join(' ')}: one clear error, exit code 2`, async () => {
      const { code, stdout, stderr } = await runCli(args, { env: fixture.env });
      assert.match(stderr, message);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
    });
});

describe('babus slot without a domain', () => {
  it('says how to start one', async () => {
    const { root } = tempDomain();
    const { code, stderr } = await runCli(['slot', 'list'], {
      env: { BABUS_SHM: root, BABUS_DOMAIN: undefined },
    });
    assert.equal(stderr, `no domain is running under ${root}; start one with 'babus launch FILE'\n`);
    assert.equal(code, 2);
  });
});
