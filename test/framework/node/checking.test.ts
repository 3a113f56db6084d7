import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { every, Node, node, subscribes, testNode } from '../../../framework/index.js';
import type { HeldView, TestNode, View } from '../../../framework/index.js';
import { Image, TwistStamped } from '../../../schemas/index.js';

const image = { width: 2, height: 1, step: 2, encoding: 'mono8', data: Uint8Array.of(1, 2) } as const;

@node()
class Keeper extends Node {
  readonly images: View<Image>[] = [];
  readonly arrays: Uint8Array[] = [];
  readonly twists: View<TwistStamped>[] = [];
  readonly parts: { x: number }[] = [];
  held: HeldView<View<Image>> | undefined;

  @subscribes(Image) onImage(image: View<Image>): void {
    this.images.push(image);
    this.arrays.push(image.data);
    if (image.height === 2) this.held = image.hold();
  }

  @subscribes(TwistStamped) onTwist(twist: View<TwistStamped>): void {
    this.twists.push(twist);
    this.parts.push(twist.twist.linear);
  }
}

describe('a node under test', () => {
  it('cannot read what was lent to its handlers, nor arrays and parts taken from it', async () => {
    const t = await testNode(Keeper);
    t.publish('image', { ...image });
    t.publish('twist', { twist: { linear: { x: 3 } } });
    await t.settled();
    const { images, arrays, twists, parts } = t.node;
    const late = { code: 'ERR_BABUS_VIEW_ENDED', message: /^image: message 1 .* after onImage had returned/ };
    const [kept] = images as [View<Image>];
    for (const use of [
      () => kept.width,
      () => kept.stamp,
      () => kept.frame_id,
      () => kept.data,
      () => kept.clone(),
    ])
      assert.throws(use, late);
    assert.throws(() => JSON.stringify(kept), late);
    assert.equal(arrays[0]!.length, 0);
    assert.equal(arrays[0]![0], undefined);
    assert.throws(() => twists[0]!.twist, { code: 'ERR_BABUS_VIEW_ENDED' });
    assert.throws(() => parts[0]!.x, { code: 'ERR_BABUS_VIEW_ENDED', message: /^twist: / });
    assert.equal(inspect(images[0]), '[a message that was given back]');
    await t.stop();
  });

  it('can read what it holds', async () => {
    const t = await testNode(Keeper);
    t.publish('image', { ...image, height: 2, data: Uint8Array.of(1, 2, 3, 4) });
    await t.settled();
    assert.deepEqual([...t.node.held!.view.data], [1, 2, 3, 4]);
    assert.deepEqual([...t.node.arrays[0]!], [1, 2, 3, 4]);
    t.node.held!.release();
    assert.equal(t.node.arrays[0]!.length, 0);
    await t.stop();
  });

  it('is told when it writes into a message', async () => {
    @node()
    class Writer extends Node {
      @subscribes(Image) onImage({ data }: View<Image>): void {
        data[0] = 9;
      }
    }
    const t = await testNode(Writer);
    t.publish('image', { ...image });
    await t.settled();
    const [record] = t.log;
    assert.equal(record!.message, 'onImage failed');
    assert.equal((record!.fields['error'] as { code: string }).code, 'ERR_BABUS_VIEW_WRITTEN');
    await t.stop();
  });
});

describe("onError: 'exit'", () => {
  @node()
  class Fragile extends Node {
    @subscribes(TwistStamped, { onError: 'exit' }) async onTwist(): Promise<void> {
      await Promise.resolve();
      throw new Error('of the handler');
    }
    @subscribes(Image) onImage(): void {
      throw new Error('of a handler that may fail');
    }
    @every('1s', { onError: 'exit' }) tick(): void {
      throw new Error('of the timer');
    }
  }

  it('ends the node when that handler or timer fails, and no other', async () => {
    for (const [act, message] of [
      [(t: TestNode<Fragile>) => t.publish('twist', {}), 'of the handler'],
      [(t: TestNode<Fragile>) => t.tick('tick'), 'of the timer'],
    ] as const) {
      const t = await testNode(Fragile);
      t.publish('image', { ...image });
      await t.settled();
      let finished = false;
      const end = t.finished().finally(() => (finished = true));
      end.catch(() => undefined);
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(finished, false);
      await act(t);
      await assert.rejects(end, { message });
      await t.stop();
    }
  });

  it('refuses anything else', () => {
    assert.throws(
      () => {
        @node()
        class Wrong extends Node {
          @subscribes(Image, { onError: 'stop' as 'exit' }) onImage(): void {
            return;
          }
        }
        return Wrong;
      },
      { code: 'ERR_BABUS_NODE_CLASS', message: /onError wants 'continue' or 'exit', given 'stop'/ },
    );
  });
});
