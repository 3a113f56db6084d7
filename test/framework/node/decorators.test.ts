/* eslint-disable @typescript-eslint/no-empty-function -- the methods of these classes are never called */
import assert from 'node:assert/strict';
import { Node, node, param, subscribes, testNode } from '../../../framework/index.js';
import { descriptorsOf } from '../../../framework/node/metadata.js';
import { Header, Image, Vector3 } from '../../../schemas/index.js';
import { loose } from './loose.js';
import { REFUSED_PARAMS } from './refused-params.js';
import { REFUSED_PORTS } from './refused-ports.js';

describe('@node()', () => {
  for (const [message, define] of [...REFUSED_PORTS, ...REFUSED_PARAMS])
    it(`refuses: ${message}`, () => {
      assert.throws(define, { code: 'ERR_BABUS_NODE_CLASS', message });
    });

  it('names ports and parameters after members, in snake_case', () => {
    @node()
    class Names extends Node {
      @param({ type: 'boolean', default: false }) isFast!: boolean;
      @loose.publishes(Image) leftImage2D: unknown;
      @loose.publishes(Image) IMUData: unknown;
      @subscribes(Header) onHTTPHeader(): void {}
      @subscribes(Header) once(): void {}
      @subscribes(Header) header(): void {}
      @subscribes(Header, { port: 'other' }) onAnything(): void {}
    }
    const [{ ports, params } = assert.fail()] = descriptorsOf({ Names });
    assert.deepEqual(
      ports.map(({ name }) => name),
      ['http_header', 'once', 'header', 'other', 'left_image2_d', 'imu_data'],
    );
    assert.deepEqual(Object.keys(params), ['is_fast']);
  });

  it('lets a subclass replace what its base declares, and leaves the base as it is', async () => {
    @node()
    class Base extends Node {
      calls = 0;
      @param({ type: 'integer', default: 1 }) size!: number;
      @subscribes(Image) onImage(): void {}
    }
    @node()
    class Sub extends Base {
      @param({ type: 'integer', default: 2 }) depth!: number;
      @subscribes(Image, { port: 'picture' }) override onImage(): void {
        this.calls++;
      }
    }
    const described = descriptorsOf({ Base, Sub }).map(({ className, ports, params }) => [
      className,
      ports.map(({ name }) => name),
      Object.keys(params),
    ]);
    assert.deepEqual(described, [
      ['Base', ['image'], ['size']],
      ['Sub', ['picture'], ['size', 'depth']],
    ]);
    await using t = await testNode(Sub);
    t.publish('picture', {});
    await t.settled();
    assert.deepEqual([t.node.size, t.node.depth, t.node.calls], [1, 2, 1]);
  });

  it('puts plain data into descriptors', () => {
    @node()
    class Plain extends Node {
      @loose.publishes(Vector3) out: unknown;
    }
    const descriptors = descriptorsOf({ Plain, default: Plain, other: 3, nothing: null, plain: class {} });
    assert.deepEqual(JSON.parse(JSON.stringify(descriptors)), descriptors);
    const { name, hash, size, hasSpans, descriptor } = Vector3;
    assert.deepEqual(descriptors, [
      {
        className: 'Plain',
        ports: [{ name: 'out', direction: 'publishes', schema: { name, hash, size, hasSpans, descriptor } }],
        params: {},
        timers: [],
      },
    ]);
  });
});
