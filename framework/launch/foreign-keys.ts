import type { YamlPath } from '../yaml/index.js';

type Hints = Readonly<Record<string, string>>;

/** Keys of ROS 2's and dora's files at the top, and what does the same here. */
const AT_TOP: Hints = {
  launch: "write 'nodes', a map of names and nodes",
  record: 'there is no recorder yet; babus slot echo SLOT --json prints messages as JSON Lines',
};

/** The same of nodes. */
const OF_NODE: Hints = {
  pkg: 'write use: package/path, or use: ./file',
  package: 'write use: package/path, or use: ./file',
  path: 'write use: ./file',
  name: "the node's name is its key in 'nodes'",
  id: "the node's name is its key in 'nodes'",
  namespace: 'a group gives its nodes a namespace: group: [{ namespace: left, nodes: { ... } }]',
  remap: 'map ports to slots: ports: { port: slot }',
  inputs: 'map ports to slots: ports: { port: slot }',
  outputs: 'map ports to slots: ports: { port: slot }',
  parameters: 'write params: { name: value }, or params_from: file.yaml',
  respawn: 'write restart: { policy: always }',
  respawn_delay: 'write restart: { delay: 1s }',
  respawn_max_retries: 'write restart: { max: 3 }',
  restart_policy: 'write restart: { policy: on-failure }',
  restart_delay: 'write restart: { delay: 1s }',
  restart_window: 'write restart: { window: 1m }',
  max_restarts: 'write restart: { max: 3 }',
};

/** What to write in place of a key that comes from another tool's launch files. */
export function foreignKeyHint(key: string, path: YamlPath): string | undefined {
  const hints = path.length === 0 ? AT_TOP : path.at(-2) === 'nodes' ? OF_NODE : {};
  return Object.hasOwn(hints, key) ? hints[key] : undefined;
}
