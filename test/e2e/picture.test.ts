import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, hasFfmpeg, makeMedia } from '../nodes/media.js';
import { REPO, spawnCli, tempDir, tempDomain } from '../support/index.js';

const HASHER = `
import { createHash } from 'node:crypto';
import { Node, node, subscribes, type View } from 'babus';
import { Image } from 'babus/schemas';

@node()
export class Hasher extends Node {
  @subscribes(Image) onImage(image: View<Image>): void {
    this.log.info(\`\${image.width}x\${image.height} \${createHash('sha256').update(image.data).digest('hex')}\`);
    this.finish();
  }
}
`;

describe('a picture file through the camera', () => {
  it('arrives in another process byte for byte', async function () {
    if (!hasFfmpeg) return this.skip();
    const folder = tempDir();
    const { root } = tempDomain();
    const picture = join(folder, 'a picture.png');
    makeMedia(picture, '640x427', 1);
    writeFileSync(join(folder, 'hasher.ts'), HASHER);
    writeFileSync(
      join(folder, 'picture.yaml'),
      [
        'nodes:',
        '  camera:',
        `    use: ${join(REPO, 'nodes/camera')}`,
        '    params: { source: "$(dir)", width: 0, height: 0 }'.replace('$(dir)', picture),
        '    ports: { image: camera/image }',
        '  hasher: { use: ./hasher, ports: { image: camera/image } }',
      ].join('\n'),
    );
    const launch = spawnCli(['launch', 'picture.yaml'], {
      cwd: folder,
      env: { BABUS_SHM: root, BABUS_DOMAIN: undefined },
    });
    const [, size, hash] = await launch.waitForOutput(/INFO +(\d+x\d+) ([0-9a-f]{64})/);
    launch.kill('SIGINT');
    assert.deepEqual(await launch.exit(), { code: 0, signal: null });
    assert.equal(size, '640x427');
    assert.equal(hash, createHash('sha256').update(decode(picture)).digest('hex'));
  });
});
