import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { rosAxis } from '../../nodes/joystick/pad.js';
import { tempDir, until } from '../support/index.js';
import { evdev, FakeDevice, joystick, js, said, someStates, states, SYN } from './joystick-kit.js';

/** The commands of all processes that this one has started and that live. */
function children(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const parent = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
        return parent === String(process.pid) ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8')] : [];
      } catch (error) {
        if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
        throw error;
      }
    });
}

describe('nodes/joystick', () => {
  let device: FakeDevice;

  const make = (name: string): FakeDevice => {
    device = new FakeDevice(join(tempDir(), name));
    device.plug();
    return device;
  };

  afterEach(() => {
    device.unplug();
    assert.deepEqual(
      children().filter((command) => command.includes(device.path)),
      [],
    );
  });

  it('publishes the state that the device begins with, then each change', async () => {
    const { path } = make('js0');
    device.write(
      js('button', 0, 0, true),
      js('button', 1, 1, true),
      js('axis', 0, 0, true),
      js('axis', 1, -32767, true),
      js('axis', 2, 32767, true),
    );
    await using t = await joystick({ device: path, frame_id: 'pad' });
    assert.deepEqual(await someStates(t, 1), [
      [
        [0, 1, -1],
        [0, 1],
      ],
    ]);
    device.write(js('axis', 0, 16384));
    assert.deepEqual((await someStates(t, 2))[1], [
      [-0.5, 1, -1],
      [0, 1],
    ]);
    // What changes nothing is not published, what comes in one go is published once.
    device.write(js('axis', 0, 16384), js('button', 1, 1));
    device.write(js('button', 1, 0), js('button', 0, 1), js('axis', 0, 0));
    assert.deepEqual((await someStates(t, 3)).slice(2), [
      [
        [0, 1, -1],
        [1, 0],
      ],
    ]);
    const { frame_id, stamp } = t.received('joy')[0] as { frame_id: string; stamp: { sec: number } };
    assert.equal(frame_id, 'pad');
    assert.ok(Math.abs(stamp.sec - Date.now() / 1000) < 3600);
  });

  it('puts events together however they are cut', async () => {
    const { path } = make('js0');
    await using t = await joystick({ device: path });
    const bytes = Buffer.concat([js('axis', 1, -32767), js('button', 2, 1)]);
    for (const [at] of bytes.entries()) {
      device.write(bytes.subarray(at, at + 1));
      if (at === 7) await someStates(t, 1);
    }
    const [first, second] = await someStates(t, 2);
    assert.deepEqual(first, [[0, 1], []]);
    assert.deepEqual(second, [
      [0, 1],
      [0, 0, 1],
    ]);
  });

  it('has a deadzone, without a jump at its border, and with the whole range beyond it', async () => {
    const { path } = make('js0');
    await using t = await joystick({ device: path, deadzone: 0.2 });
    device.write(js('axis', 0, 6000), js('axis', 1, -32767), js('axis', 2, 0.6 * 32767));
    assert.deepEqual((await someStates(t, 1))[0], [[0, 1, -0.5], []]);
    device.write(js('axis', 0, -6500));
    device.write(js('axis', 1, 32767));
    assert.deepEqual((await someStates(t, 2))[1], [[0, -1, -0.5], []]);
    for (const deadzone of [0, 0.05, 0.9]) {
      assert.equal(rosAxis(deadzone, deadzone), 0);
      assert.equal(rosAxis(1, deadzone), -1);
      assert.equal(rosAxis(-1, deadzone), 1);
      assert.ok(Math.abs(rosAxis(deadzone + 1e-6, deadzone)) < 1e-4);
    }
  });

  it('repeats the state while nothing changes, and stops with the device', async () => {
    const { path } = make('js0');
    await using t = await joystick({ device: path, autorepeat_rate: 200 });
    device.write(js('axis', 0, 32767));
    const all = await someStates(t, 5);
    for (const state of all) assert.deepEqual(state, [[-1], []]);
    device.unplug();
    await until(() => states(t).at(-1)![0][0] === 0, 'the axis to be let go');
    const count = states(t).length;
    await until(() => said(t, 'lost') > 0, 'the loss to be said');
    assert.equal(states(t).length, count);
  });

  it('lets everything go when the device is gone, waits for it, and goes on', async () => {
    const { path } = make('js0');
    device.write(js('axis', 1, 32767), js('button', 0, 1));
    await using t = await joystick({ device: path });
    await someStates(t, 1);
    device.unplug();
    rmSync(path);
    assert.deepEqual((await someStates(t, 2))[1], [[0, 0], [0]]);
    await until(() => said(t, 'no such device') > 0, 'the absence to be said');
    device = new FakeDevice(path);
    device.plug();
    device.write(js('axis', 0, -32767));
    assert.deepEqual((await someStates(t, 3))[2], [[1], []]);
    assert.deepEqual([said(t, 'connected'), said(t, 'lost')], [2, 1]);
    assert.ok(t.log.every(({ level }) => level !== 'error'));
  });

  it('waits for a device that is not there yet', async () => {
    const folder = tempDir();
    const path = join(folder, 'js3');
    const t = await joystick({ device: path });
    await until(
      () => said(t, `joystick ${path}: not available: there is no such device`) > 0,
      'it to be said',
    );
    device = new FakeDevice(path);
    device.plug();
    device.write(js('button', 0, 1));
    await someStates(t, 1);
    await t.stop();
    // Stopped, it lets go, too.
    assert.deepEqual(states(t).at(-1), [[], [0]]);
    assert.equal(said(t, 'not available'), 1);
  });

  it('stops at once while nothing comes from the device or nobody has opened it', async () => {
    make('js0');
    const t = await joystick({ device: device.path });
    await t.stop();
    device.unplug();
    const other = await joystick({ device: device.path });
    await other.stop();
    assert.equal(states(t).length + states(other).length, 0);
  });

  it('counts what is no joystick event, and says so now and then', async () => {
    const { path } = make('js0');
    await using t = await joystick({ device: path });
    device.write(Buffer.alloc(8 * 100, 0x7c), js('button', 0, 1));
    await someStates(t, 1);
    await t.tick('report');
    await t.tick('report');
    const warnings = t.log.filter(({ level }) => level === 'warn');
    assert.deepEqual(
      warnings.map(({ fields, message }) => [fields, message]),
      [[{ events: 100 }, 'events left out: their type is neither axis nor button']],
    );
  });

  it('refuses what is no device', async () => {
    make('js0');
    const folder = tempDir();
    writeFileSync(join(folder, 'plain'), '');
    const server = createServer().listen(join(folder, 'socket'));
    await until(() => server.listening, 'the socket');
    const wrong: [string, RegExp][] = [
      [join(folder, 'plain'), /plain': it is a regular file; give a character device such as/],
      [folder, /it is a folder/],
      [join(folder, 'socket'), /it is a socket/],
      ['a\0b', /null bytes/],
    ];
    for (const [path, message] of wrong)
      await assert.rejects(joystick({ device: path }), { code: 'ERR_BABUS_PARAM', message });
    server.close();
  });

  describe('evdev', () => {
    it('publishes whole reports, scaled by the ranges of the axes', async () => {
      const { path } = make('event7');
      const params = {
        axis_codes: [0, 2, 17],
        axis_ranges: [0, 255, 0, 1023, -1, 1],
        button_codes: [304, 308],
      };
      await using t = await joystick({ device: path, ...params });
      device.write(evdev(3, 0, 255), evdev(3, 2, 0), evdev(1, 308, 1), evdev(4, 4, 9), SYN);
      assert.deepEqual(await someStates(t, 1), [
        [
          [-1, 1, 0],
          [0, 1],
        ],
      ]);
      // Half a report waits for its end.
      device.write(evdev(3, 17, -1));
      device.write(evdev(1, 304, 1), SYN, evdev(1, 308, 2), evdev(3, 0, 0));
      assert.deepEqual((await someStates(t, 2))[1], [
        [-1, 1, 1],
        [1, 1],
      ]);
      device.write(SYN);
      assert.deepEqual((await someStates(t, 3))[2]![0], [1, 1, 1]);
    });

    it('knows usual gamepads without being told', async () => {
      const { path } = make('usb-pad-event-joystick');
      await using t = await joystick({ device: path });
      device.write(evdev(3, 0, 32767), evdev(3, 16, -1), evdev(1, 318, 1), SYN);
      const [[axes, buttons]] = (await someStates(t, 1)) as [[number[], number[]]];
      assert.deepEqual(axes, [-1, 0, 0, 0, 0, 0, 1, 0]);
      assert.deepEqual(buttons, [...Array<number>(14).fill(0), 1]);
    });

    it('takes everything as released when events were lost, until the next whole report', async () => {
      const { path } = make('event3');
      const params = { axis_codes: [0, 1], axis_ranges: [0, 200, 0, 200], button_codes: [304, 305] };
      await using t = await joystick({ device: path, ...params });
      device.write(evdev(3, 0, 0), evdev(3, 1, 200), evdev(1, 304, 1), SYN);
      const held = [
        [1, -1],
        [1, 0],
      ];
      assert.deepEqual(await someStates(t, 1), [held]);
      // The rest is there at once, not with the end of the report.
      device.write(evdev(1, 305, 1), evdev(0, 3, 0));
      const rest = [
        [0, 0],
        [0, 0],
      ];
      assert.deepEqual((await someStates(t, 2))[1], rest);
      device.write(evdev(3, 0, 0), evdev(1, 305, 1), SYN, evdev(3, 1, 0), SYN);
      assert.deepEqual((await someStates(t, 3)).slice(2), [
        [
          [0, 1],
          [0, 0],
        ],
      ]);
    });

    it('drops what is not whole after a loss, and counts it and codes that it does not know', async () => {
      const { path } = make('pad');
      await using t = await joystick({ device: path, api: 'evdev', axis_codes: [0], button_codes: [304] });
      const lost = [evdev(3, 0, 100), evdev(0, 3, 0), evdev(3, 0, 32767), SYN];
      device.write(...lost, evdev(1, 305, 1), evdev(3, 1, 5), evdev(1, 304, 1), SYN);
      assert.deepEqual((await someStates(t, 1))[0]![1], [1]);
      assert.equal(states(t)[0]![0][0], 0);
      await t.tick('report');
      const counts = t.log.filter(({ level }) => level === 'warn').map(({ message }) => message);
      assert.deepEqual(counts, [
        'events left out: the kernel left some out, so all is taken as released until it changes again',
        'events left out: button_codes has no 305',
        'events left out: axis_codes has no 1',
      ]);
    });

    it('refuses codes and ranges that cannot be', async () => {
      const { path } = make('event0');
      const wrong: [Record<string, number[]>, RegExp][] = [
        [{ axis_codes: [0, 0] }, /axis_codes: 0: it is there twice/],
        [{ axis_codes: [1.5] }, /axis_codes: 1.5: no whole number up to 65535/],
        [{ button_codes: [70000] }, /button_codes: 70000: no whole number/],
        [{ axis_codes: [0, 1], axis_ranges: [0, 255] }, /for each of the 2 axis_codes, given 2 numbers/],
        [{ axis_codes: [5], axis_ranges: [255, 0] }, /minimum 255 is not below maximum 0, for axis code 5/],
      ];
      for (const [params, message] of wrong)
        await assert.rejects(joystick({ device: path, ...params }), { code: 'ERR_BABUS_PARAM', message });
    });
  });
});
