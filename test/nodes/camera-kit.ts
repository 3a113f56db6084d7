import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { testNode, type ParamValue, type TestNode } from '../../framework/index.js';
import { Camera } from '../../nodes/camera.js';
import { tempDir, watchdog } from '../support/index.js';
import { ffmpegsOf, hasFfmpeg, makeMedia } from './media.js';

export const FRAME_BYTES = 64 * 48 * 3;

/** A camera that shows files in their own size, fast. */
export function camera(params: Record<string, ParamValue>): Promise<TestNode<Camera>> {
  const all = { rate: 500, width: 0, height: 0, ...params };
  return watchdog(testNode(Camera, { params: all }), 'the start of the camera');
}

/** The data of the images that the camera has published. */
export function pixels(t: TestNode<Camera>): Uint8Array[] {
  return t.received('image').map((image) => image['data'] as Uint8Array);
}

/** Everything the camera has to complain about. */
export function complaints(t: TestNode<Camera>): string[] {
  return t.log.filter(({ level }) => level !== 'info').map(({ message }) => message);
}

/** Compares each published frame with what it should be. */
export function assertFrames(given: readonly Uint8Array[], wanted: (n: number) => Uint8Array): void {
  for (const [n, frame] of given.entries()) assert.equal(Buffer.compare(frame, wanted(n)), 0, `frame ${n}`);
}

/** A folder for the files of each test. */
export class MediaFolder {
  path = '';

  /** Makes a picture (one frame) or a video of 64 x 48 pixels. @returns its path */
  make(name: string, frames: number): string {
    const file = join(this.path, name);
    makeMedia(file, '64x48', frames);
    return file;
  }
}

/**
 * For suites that need ffmpeg: skips them when it is missing, gives each test a folder, and demands that the camera leaves
 * neither temporary files nor processes.
 */
export function useMediaFolder(): MediaFolder {
  const folder = new MediaFolder();
  const environment = { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] };
  before(function () {
    if (!hasFfmpeg) this.skip();
  });
  beforeEach(() => {
    folder.path = tempDir();
    process.env['TMPDIR'] = join(folder.path, 'tmp');
    mkdirSync(process.env['TMPDIR']);
  });
  afterEach(() => {
    for (const [name, value] of Object.entries(environment))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    if (folder.path === '') return;
    assert.deepEqual(readdirSync(join(folder.path, 'tmp')), []);
    assert.deepEqual(ffmpegsOf(process.pid), []);
  });
  return folder;
}
