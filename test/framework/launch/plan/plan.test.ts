import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  loadLaunch,
  nodeSpec,
  planToJson,
  planToText,
  type LaunchPlan,
  type LoadedLaunch,
  type LoadOptions,
} from '../../../../framework/launch/index.js';
import type { NodeDescriptor } from '../../../../framework/spec.js';
import { tempDir } from '../../../support/index.js';
import { nodeClass, schema } from './descriptors.js';

const IMAGE = schema('std/Image', ['stamp', 'data'], true);
const POINT = schema('std/Point', ['x', 'y', 'z']);

const CLASSES: Readonly<Record<string, NodeDescriptor>> = {
  './camera': nodeClass(
    'Camera',
    { '>image': IMAGE },
    {
      rate: { type: 'number', default: 30, minimum: 1 },
      source: { type: 'string' },
      tags: { type: 'string[]', default: [] },
      flip: { type: 'boolean', default: false },
    },
  ),
  './edges': nodeClass('Edges', { '<image': IMAGE, '>edges': IMAGE }),
  './imu': nodeClass('Imu', { '>imu': POINT }),
  './view': nodeClass('View', { '<image': IMAGE, '<imu': POINT }),
};

/** Loads a text as the file patrol.yaml with the classes above. */
async function load(text: string, options: LoadOptions = {}): Promise<LoadedLaunch> {
  const file = join(tempDir(), 'patrol.yaml');
  writeFileSync(file, text);
  return loadLaunch(file, {
    env: {},
    describe: (requests) => Promise.resolve(requests.map(({ use }) => CLASSES[use]!)),
    ...options,
  });
}

async function plan(text: string, options: LoadOptions = {}): Promise<LaunchPlan> {
  const loaded = await load(text, options);
  assert.deepEqual(
    loaded.errors.map((error) => error.message),
    [],
  );
  return loaded.plan!;
}

const CAMERA = 'camera: { use: ./camera, params: { source: pattern } }';

describe('plan', () => {
  it('starts publishers before subscribers', async () => {
    const { nodes } = await plan(`nodes:\n  view: { use: ./view }\n  edges: { use: ./edges }\n  ${CAMERA}\n`);
    assert.deepEqual(
      nodes.map(({ name, level }) => [name, level]),
      [
        ['camera', 0],
        ['view', 1],
        ['edges', 1],
      ],
    );
  });

  it('fills in defaults of parameters, and takes given values of each type', async () => {
    const text = `nodes:
  camera: { use: ./camera, params: { source: file.png, rate: 12.5, tags: [a, b], flip: true } }
  other: { use: ./camera, params: { source: '7' } }`;
    const { nodes } = await plan(text);
    assert.deepEqual(nodes[0]!.params, { rate: 12.5, source: 'file.png', tags: ['a', 'b'], flip: true });
    assert.deepEqual(nodes[1]!.params, { rate: 30, source: '7', tags: [], flip: false });
  });

  it('maps ports to slots: the given one, else that of the same name; a leading slash means the same', async () => {
    const text = `slots: { /camera/image: { depth: 3 } }
nodes:
  camera: { use: ./camera, params: { source: x }, ports: { image: /camera/image } }
  edges: { use: ./edges, ports: { image: camera/image } }`;
    const { nodes, slots } = await plan(text);
    assert.deepEqual(nodes[1]!.ports, [
      { name: 'image', direction: 'subscribes', slot: 'camera/image' },
      { name: 'edges', direction: 'publishes', slot: 'edges' },
    ]);
    assert.deepEqual(
      slots.map(({ spec, publishers, subscribers }) => [spec.name, spec.depth, publishers, subscribers]),
      [
        ['camera/image', 3, ['camera'], ['edges']],
        ['edges', 8, ['edges'], []],
      ],
    );
  });

  it('gives slots the default sizes: the fixed size, or 8 MiB for messages with a tail', async () => {
    const { slots } = await plan(`nodes:\n  ${CAMERA}\n  imu: { use: ./imu }\n`);
    assert.deepEqual(
      slots.map(({ spec }) => [spec.name, spec.maxBytes, spec.maxReaders, spec.pinsPerReader]),
      [
        ['image', 8 * 1024 * 1024, 32, 4],
        ['imu', 24, 32, 4],
      ],
    );
  });

  it('takes all settings of a slot', async () => {
    const settings =
      'depth: 1, max_bytes: 100, max_readers: 2, pins_per_reader: 3, max_publishers: 4, loans_per_publisher: 5';
    const { slots } = await plan(`slots: { image: { ${settings} } }\nnodes:\n  ${CAMERA}\n`);
    assert.deepEqual(slots[0]!.spec, {
      name: 'image',
      schema: IMAGE,
      depth: 1,
      maxBytes: 100,
      maxReaders: 2,
      pinsPerReader: 3,
      maxPublishers: 4,
      loansPerPublisher: 5,
    });
  });

  it('tells a node process all it needs', async () => {
    const launch = await plan(`domain: patrol\nnodes:\n  ${CAMERA}\n`);
    assert.deepEqual(nodeSpec(launch, launch.nodes[0]!, '/shm'), {
      name: 'camera',
      domain: 'patrol',
      root: '/shm',
      moduleUrl: 'file:///Camera.js',
      className: 'Camera',
      params: { rate: 30, source: 'pattern', tags: [], flip: false },
      ports: { image: launch.slots[0]!.spec },
    });
  });

  it('reads restart policies, with defaults for the rest', async () => {
    const restart = '{ policy: always, delay: 1.5s, backoff: 3, max: 5, window: 2m }';
    const { nodes } = await plan(`nodes:\n  a: { use: ./imu, restart: ${restart} }\n  b: { use: ./imu }\n`);
    assert.deepEqual(nodes[0]!.restart, {
      policy: 'always',
      delayMs: 1500,
      backoff: 3,
      max: 5,
      windowMs: 120_000,
    });
    assert.deepEqual(nodes[1]!.restart, {
      policy: 'on-failure',
      delayMs: 200,
      backoff: 2,
      windowMs: 60_000,
    });
  });

  it('warns of slots that nobody publishes here, with a hint at a near name', async () => {
    const { plan: planned, warnings } = await load(`nodes:
  camera: { use: ./camera, params: { source: x }, ports: { image: camera/image } }
  edges: { use: ./edges, ports: { image: camera/imge } }
  view: { use: ./view, ports: { image: camera/imge } }`);
    assert.ok(planned);
    assert.deepEqual(
      warnings.map(({ message, at }) => `${at!.line}:${at!.column} ${message}`),
      [
        "3:42 slot 'camera/imge' is subscribed to by 'edges', 'view' and no node of this launch publishes it; did you mean 'camera/image'?",
        "4:3 slot 'imu' is subscribed to by 'view' (whose port 'imu' is not mapped) and no node of this launch publishes it",
      ],
    );
  });

  it('names the field in which two versions of a schema differ', async () => {
    const other = nodeClass('Other', { '<imu': schema('std/Point', ['x', 'y', 'w']) });
    const { errors } = await load('nodes:\n  imu: { use: ./imu }\n  other: { use: ./other }\n', {
      describe: () => Promise.resolve([CLASSES['./imu']!, other]),
    });
    assert.match(
      errors[0]!.message,
      /two versions of the schema \(field 3 is 'w' in one and 'z' in the other\): generate both from one file$/,
    );
    assert.equal(errors[0]!.code, 'ERR_BABUS_SCHEMA_MISMATCH');
  });

  it('reports what is wrong with params and ports of all nodes at once, in the order of the file', async () => {
    const { errors } = await load(`nodes:
  camera: { use: ./camera, params: { rate: 0 }, ports: { img: a } }
  edges: { use: ./edges, params: { x: 1 } }`);
    assert.deepEqual(
      errors.map(({ code, at }) => [code, at!.line, at!.column]),
      [
        ['ERR_BABUS_PARAM', 2, 28],
        ['ERR_BABUS_PARAM', 2, 44],
        ['ERR_BABUS_PORT', 2, 58],
        ['ERR_BABUS_PARAM', 3, 36],
      ],
    );
  });

  it('refuses more slots than a domain has room for', async () => {
    const ports = Array.from({ length: 1025 }, (_, index) => `>p${index}`);
    const big = nodeClass('Big', Object.fromEntries(ports.map((port) => [port, POINT])));
    const { errors } = await load('nodes:\n  big: { use: ./big }\n', {
      describe: () => Promise.resolve([big]),
    });
    assert.match(errors[0]!.message, /:1:1: the nodes use 1025 slots; a domain has room for 1024$/);
  });

  it('refuses more nodes than a domain has room for', async () => {
    const nodes = Array.from({ length: 256 }, (_, index) => `  n${index}: { use: ./imu }\n`).join('');
    const { errors } = await load(`nodes:\n${nodes}`);
    assert.match(errors[0]!.message, /nodes: wants a map of at most 255 keys/);
  });

  it('prints itself for people', async () => {
    const launch = await plan(`description: Rounds of the house.
domain: patrol
args: { source: { default: pattern, description: where from }, fast: { default: false, type: boolean } }
nodes:
  edges: { use: ./edges, ports: { image: camera/image } }
  camera: { use: ./camera, params: { source: $(arg source) }, ports: { image: camera/image } }`);
    assert.equal(
      planToText(launch).replace(launch.file, 'patrol.yaml'),
      `patrol.yaml: domain patrol
Rounds of the house.

arguments
  source:=pattern  (string) where from
  fast:=false      (boolean)

nodes, in the order they start
  camera  ./camera (Camera)
    params rate=30 source="pattern" tags=[] flip=false
    image  ->  camera/image  std/Image
  edges  ./edges (Edges)
    image  <-  camera/image  std/Image
    edges  ->  edges         std/Image

slots
  camera/image  std/Image  depth 8  max 8388608 B  camera -> edges
  edges         std/Image  depth 8  max 8388608 B  edges -> (nobody)
`,
    );
  });

  it('prints itself for programs, with the keys of launch files', async () => {
    const launch = await plan(`nodes:\n  imu: { use: ./imu, env: { N: 1 }, restart: { max: 3 } }\n`);
    const { nodes, slots, domain } = planToJson(launch) as Record<string, unknown>;
    assert.equal(domain, 'patrol');
    assert.deepEqual(nodes, [
      {
        name: 'imu',
        use: './imu',
        class: 'Imu',
        module: 'file:///Imu.js',
        params: {},
        ports: { imu: 'imu' },
        env: { N: '1' },
        restart: { policy: 'on-failure', delay: '200ms', backoff: 2, max: 3, window: '1m' },
        level: 0,
        log: { max_bytes: 10_000_000, max_files: 5 },
      },
    ]);
    assert.deepEqual(slots, [
      {
        slot: 'imu',
        schema: 'std/Point',
        depth: 8,
        max_bytes: 24,
        max_readers: 32,
        pins_per_reader: 4,
        max_publishers: 8,
        loans_per_publisher: 4,
        publishers: ['imu'],
        subscribers: [],
      },
    ]);
  });
});

describe('domain of a launch', () => {
  const text = (domain: string): string => `${domain}nodes:\n  imu: { use: ./imu }\n`;
  const domainOf = async (file: string, options: LoadOptions = {}): Promise<string> =>
    (await plan(file, options)).domain;

  it('is the option, else that of the file, else of the environment, else the name of the file', async () => {
    const env = { BABUS_DOMAIN: 'from_env' };
    assert.equal(await domainOf(text('domain: from_file\n'), { env, domain: 'from_option' }), 'from_option');
    assert.equal(await domainOf(text('domain: from_file\n'), { env }), 'from_file');
    assert.equal(await domainOf(text(''), { env }), 'from_env');
    assert.equal(await domainOf(text('')), 'patrol');
  });

  it('is made a valid name when the file has none', async () => {
    for (const [name, domain] of [
      ['my robot.v2.yaml', 'my_robot_v2'],
      ['patrol.launch.yml', 'patrol'],
      [`${'x'.repeat(60)}.yaml`, 'x'.repeat(48)],
      ['.yaml', 'launch'],
    ] as const) {
      const file = join(tempDir(), name);
      writeFileSync(file, text(''));
      const { plan: planned } = await loadLaunch(file, {
        env: {},
        describe: () => Promise.resolve([CLASSES['./imu']!]),
      });
      assert.equal(planned!.domain, domain);
    }
  });
});

describe('arguments and substitutions', () => {
  const text = `args:
  source: { default: pattern }
  rate: { default: 30 }
  flip: { type: boolean, default: false }
  depth: {}
  tag: { default: $(env TAG none) }
slots: { image: { depth: $(arg depth) } }
nodes:
  camera:
    use: ./camera
    params: { source: "$(arg source)-$(arg rate)", rate: $(arg rate), flip: $(arg flip), tags: [$(arg tag), x] }
    env: { RATE: $(arg rate), LITERAL: $$(arg rate) }
    restart: { delay: "$(env DELAY_MS 50)ms" }`;

  it('take the type of the argument, or what is wanted in their place', async () => {
    const launch = await plan(text, { assignments: ['depth:=12', 'rate:=24.5', 'flip:=true'] });
    const [camera] = launch.nodes;
    assert.deepEqual(camera!.params, { source: 'pattern-24.5', rate: 24.5, flip: true, tags: ['none', 'x'] });
    assert.deepEqual(camera!.env, { RATE: '24.5', LITERAL: '$(arg rate)' });
    assert.equal(camera!.restart.delayMs, 50);
    assert.equal(launch.slots[0]!.spec.depth, 12);
    assert.deepEqual(
      launch.args.map(({ name, value }) => [name, value]),
      [
        ['source', 'pattern'],
        ['rate', 24.5],
        ['flip', true],
        ['depth', '12'],
        ['tag', 'none'],
      ],
    );
  });

  it('take variables of the environment, and the last of several values', async () => {
    const launch = await plan(text, {
      assignments: ['depth:=1', 'depth:=2', 'source:=a:=b=c'],
      env: { TAG: 'red', DELAY_MS: '75' },
    });
    assert.equal(launch.slots[0]!.spec.depth, 2);
    assert.equal(launch.nodes[0]!.restart.delayMs, 75);
    assert.deepEqual(launch.nodes[0]!.params['tags'], ['red', 'x']);
    assert.equal(launch.nodes[0]!.params['source'], 'a:=b=c-30');
  });

  it('keep text as text where text is wanted, digits or not', async () => {
    const digits =
      'args: { source: {} }\nnodes:\n  camera: { use: ./camera, params: { source: $(arg source) } }';
    const launch = await plan(digits, { assignments: ['source:=007'] });
    assert.equal(launch.nodes[0]!.params['source'], '007');
  });

  it('warn of ${x}, which stays as it is', async () => {
    const { plan: planned, warnings } = await load(
      'nodes:\n  camera:\n    use: ./camera\n    params:\n      source: ${source}\n',
    );
    assert.equal(planned!.nodes[0]!.params['source'], '${source}');
    assert.deepEqual(
      warnings.map(({ message, at }) => [message, at!.line, at!.column]),
      [
        [
          'nodes.camera.params.source: ${source} stays as it is; substitutions are written $(arg name)',
          5,
          15,
        ],
      ],
    );
  });
});
