import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { watchdog } from '../support/index.js';
import { assertFrames, camera, complaints, FRAME_BYTES, pixels, useMediaFolder } from './camera-kit.js';
import { frames, makeSound } from './media.js';

describe('nodes/camera: trouble (needs ffmpeg)', () => {
  const folder = useMediaFolder();

  const refuses = async (source: string, why: RegExp): Promise<void> => {
    await assert.rejects(camera({ source }), (error: Error) => {
      assert.match(error.message, why);
      assert.equal((error as { code?: string }).code, 'ERR_BABUS_PARAM');
      return true;
    });
  };

  it('says what is wrong with a file', async () => {
    await refuses(
      join(folder.path, 'none.mp4'),
      /^source '.*none.mp4': there is no file .*none.mp4; give 'pattern'/,
    );
    await refuses(folder.path, /is no regular file$/);
    await refuses('/dev/null', /is no regular file$/);
    await refuses('', /is no regular file$/);
    await refuses('a\0b', /null bytes/);
    writeFileSync(join(folder.path, 'empty.png'), '');
    await refuses(
      join(folder.path, 'empty.png'),
      /empty.png cannot be decoded: ffmpeg ended with code 1\n {2}.*empty.png/,
    );
    writeFileSync(join(folder.path, 'text.mp4'), 'no video at all\n'.repeat(100));
    await refuses(
      join(folder.path, 'text.mp4'),
      /text.mp4 cannot be decoded: .*code 1\n.*Invalid data found/s,
    );
    makeSound(join(folder.path, 'sound.wav'));
    await refuses(
      join(folder.path, 'sound.wav'),
      /sound.wav cannot be decoded: .*code 1\n.*does not contain any stream/s,
    );
  });

  it('says that ffmpeg is missing', async () => {
    const source = folder.make('a.png', 1);
    process.env['PATH'] = folder.path;
    await refuses(source, /a.png cannot be decoded: ffmpeg is not installed; on Debian: apt install ffmpeg/);
  });

  it('takes names that look like options, URLs and protocols as names', async () => {
    const plain = folder.make('plain.png', 1);
    const [picture] = frames(plain, FRAME_BYTES);
    const start = process.cwd();
    const names = [
      '-y',
      '-i.png',
      'http:',
      'pipe:0',
      'concat:a|b.png',
      'file:x.png',
      '$(id).png',
      "a'b\n;c .png",
      'pattern.png',
    ];
    try {
      process.chdir(folder.path);
      for (const name of names) {
        writeFileSync(join(folder.path, name), readFileSync(plain));
        await using t = await camera({ source: name, loop: false });
        await watchdog(t.finished(), 'the end');
        assertFrames(pixels(t), () => picture!);
        assert.equal(pixels(t).length, 1);
      }
      await refuses('rtmp://localhost/a.png', /there is no file .*localhost.*or a URL \(rtsp, http, https/);
    } finally {
      process.chdir(start);
    }
  });

  it('follows no playlist to other places', async () => {
    const playlist = join(folder.path, 'list.m3u8');
    const address = 'http://127.0.0.1:9/a.ts';
    writeFileSync(playlist, `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${address}\n#EXT-X-ENDLIST\n`);
    await refuses(playlist, /list.m3u8 cannot be decoded: .*whitelist/s);
  });

  /** Puts a program in ffmpeg's place: prints two tiny frames at the first look, then `video`, then ends with `code`. */
  function fakeFfmpeg(video: string, code: number): void {
    const script = `#!${process.execPath}
        const isLook = process.argv.includes('image2pipe');
        process.stdout.write(isLook ? 'P6\\n2 1\\n255\\nabcdef'.repeat(2) : ${JSON.stringify(video)});
        if (!isLook) for (let i = 0; i < 20; i++) console.error('trouble ' + i);
        process.exitCode = isLook ? 0 : ${code};`;
    const bin = join(folder.path, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'ffmpeg'), script);
    chmodSync(join(bin, 'ffmpeg'), 0o755);
    process.env['PATH'] = bin;
  }

  it('leaves out half a frame at the end, and says so', async () => {
    const source = folder.make('a.mp4', 2);
    fakeFfmpeg('abcdefghijklmn', 0);
    await using t = await camera({ source, loop: false });
    await watchdog(t.finished(), 'the end');
    assert.deepEqual(
      pixels(t).map((frame) => Buffer.from(frame).toString()),
      ['abcdef', 'ghijkl'],
    );
    const said = complaints(t);
    assert.ok(
      said.some((message) => message.includes('the last frame is left out: 2 of 6 bytes came')),
      said.join('\n'),
    );
  });

  it('passes on what ffmpeg complains about, up to a limit, and ends when it fails', async () => {
    const source = folder.make('a.mp4', 2);
    fakeFfmpeg('abcdef', 3);
    await using t = await camera({ source });
    await assert.rejects(
      watchdog(t.finished(), 'the end'),
      /a.mp4 cannot be decoded: ffmpeg ended with code 3\n {2}trouble 0\n(.*\n){8} {2}trouble 9$/,
    );
    assert.equal(pixels(t).length, 1);
  });

  it('does not start ffmpeg for ever when no frame comes', async () => {
    const source = folder.make('a.mp4', 2);
    fakeFfmpeg('', 0);
    await using t = await camera({ source });
    await watchdog(t.finished(), 'the end');
    assert.equal(pixels(t).length, 0);
  });
});
