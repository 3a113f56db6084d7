import assert from 'node:assert/strict';
import { Clock, inject, Logger, Node, node, NodeInfo, testNode } from '../../../framework/index.js';

const made: string[] = [];

class Inner {
  readonly clock = inject(Clock);
  constructor() {
    made.push('Inner');
  }
}

class Outer {
  readonly inner = inject(Inner);
  readonly log = inject(Logger);
}

class Snake {
  readonly tail: unknown = inject(Snake);
}

@node()
class Served extends Node {
  readonly outer = inject(Outer);
  readonly inner = inject(Inner);
  readonly info = inject(NodeInfo);
}

describe('inject', () => {
  beforeEach(() => made.splice(0));

  it('gives one object a node for each class', async () => {
    await using first = await testNode(Served, { name: 'first' });
    assert.equal(first.node.outer.inner, first.node.inner);
    assert.equal(first.node.outer.log, first.node.log);
    assert.deepEqual(first.node.info, { name: 'first', domain: 'test', params: {} });
    await using second = await testNode(Served);
    assert.notEqual(second.node.inner, first.node.inner);
    assert.deepEqual(made, ['Inner', 'Inner']);
  });

  it('gives what is provided in place of a class', async () => {
    const fake = { clock: { monotonicMs: () => 1, wallMs: () => 2 } };
    await using t = await testNode(Served, { provide: [[Inner, fake]] });
    assert.equal(t.node.inner, fake);
    assert.equal(t.node.outer.inner, fake);
    assert.deepEqual(made, []);
  });

  it('says so when it is used outside of a construction', async () => {
    @node()
    class Late extends Node {
      override onStart(): void {
        inject(Clock).monotonicMs();
      }
    }
    await assert.rejects(testNode(Late), {
      code: 'ERR_BABUS_NODE_CLASS',
      message:
        'inject(Clock).monotonicMs: inject() gives a service only while a node is constructed; call it in a field initializer ' +
        'or in the constructor',
    });
  });

  it('refuses circles, and what is no token', async () => {
    @node()
    class Circular extends Node {
      readonly snake = inject(Snake);
    }
    await assert.rejects(testNode(Circular), {
      code: 'ERR_BABUS_NODE_CLASS',
      message: 'inject(Snake): Snake needs itself to be made',
    });
    @node()
    class Lost extends Node {
      readonly nothing: unknown = inject(undefined as never);
    }
    await assert.rejects(testNode(Lost), {
      code: 'ERR_BABUS_NODE_CLASS',
      message: /^inject\(undefined\) wants Clock/,
    });
  });
});
