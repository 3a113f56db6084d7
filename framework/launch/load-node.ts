import { join } from 'node:path';
import { describeNodes, type NodeRequest } from '../describe/index.js';
import { BabusError, formatPosition, isBabusError } from '../errors/index.js';
import type { NodeDescriptor } from '../spec.js';
import { YamlSource } from '../yaml/index.js';
import type { LoadedLaunch } from './load.js';
import { readLog } from './log-policy.js';
import { DEFAULT_RUNS, RESTART_DEFAULTS, type GivenParam, type LaunchFile, type NodeEntry } from './model.js';
import { Origin } from './origin.js';
import { planLaunch } from './plan/plan.js';
import { Problems } from './problems.js';

/** A node that is named on a command line. */
export interface NodeWords {
  /** As `use:` of a launch file, from the current folder. */
  readonly use: string;
  readonly name: string;
  readonly domain: string;
  /** By name, as text; lists are written as in YAML. */
  readonly params: ReadonlyMap<string, string>;
  /** Port: slot. */
  readonly ports: Readonly<Record<string, string>>;
}

/** What messages call the place of a parameter. */
const PARAM = '--param';

/** Plans the launch of one node that stands in no launch file, with the same checks. Starts no node. */
export async function loadNode(
  words: NodeWords,
  describe: (requests: readonly NodeRequest[]) => Promise<(NodeDescriptor | BabusError)[]> = describeNodes,
): Promise<LoadedLaunch> {
  const problems = new Problems();
  const { use, name, domain } = words;
  const fromFile = join(process.cwd(), 'command line');
  const [found] = await describe([{ use, fromFile }]);
  const descriptors = new Map<string, NodeDescriptor>();
  if (isBabusError(found)) problems.add(found);
  else descriptors.set(name, found!);
  const plan = problems.any ? undefined : planLaunch(fileOf(words), descriptors, domain, problems);
  return {
    ...(plan ? { plan } : {}),
    args: [],
    errors: problems.errors.map(withoutPlace),
    warnings: problems.warnings,
  };
}

/** As if there were a launch file. */
function fileOf({ use, name, params, ports, domain }: NodeWords): LaunchFile {
  const source = YamlSource.parse(JSON.stringify({ nodes: { [name]: { use, ports } } }), use);
  const origin = new Origin(source, ['nodes', name], new Set());
  const node: NodeEntry = {
    name,
    namespace: '',
    origin,
    use,
    params: new Map([...params].map(([param, text]) => [param, givenParam(param, text)])),
    ports: Object.fromEntries(Object.entries(ports).map(([port, slot]) => [port, slot.replace(/^\//, '')])),
    env: {},
    // Who starts a node by hand wants to see it end.
    restart: { ...RESTART_DEFAULTS, policy: 'never' },
    life: { dependsOn: [], required: false },
    log: readLog(undefined),
  };
  return {
    origin: new Origin(source, [], new Set()),
    domain,
    args: [],
    slots: [],
    nodes: [node],
    leftOut: [],
    files: [],
    runs: DEFAULT_RUNS,
  };
}

function givenParam(param: string, text: string): GivenParam {
  return {
    value: textOrList(text, param),
    path: [PARAM, param],
    source: {
      error: (code, _path, message) => new BabusError(code, message.replaceAll(`${PARAM}.`, `${PARAM} `)),
    },
    isText: () => true,
  };
}

function textOrList(text: string, param: string): unknown {
  if (!/^\s*\[.*\]\s*$/s.test(text)) return text;
  const { data } = YamlSource.parse(text, `${PARAM} ${param}`);
  return Array.isArray(data) ? data : text;
}

/** There is no file that a position could be of. */
function withoutPlace(error: BabusError): BabusError {
  if (!error.at || error.code === 'ERR_BABUS_NODE_MODULE') return error;
  const prefix = `${formatPosition(error.at)}: `;
  return error.message.startsWith(prefix)
    ? new BabusError(error.code, error.message.slice(prefix.length))
    : error;
}
