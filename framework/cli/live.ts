import { askLauncher, controlPaths, type LaunchFacts, type NodeSummary } from '../control/index.js';
import { isBabusError } from '../errors/index.js';
import { native } from '../native.js';
import { isAlive } from './domain.js';

/** A launch that runs; null where its launcher does not answer. */
export interface LiveLaunch {
  readonly domain: string;
  readonly facts: LaunchFacts | null;
  readonly nodes: readonly NodeSummary[];
  /** Why nothing more is known. */
  readonly problem?: string;
}

/** A launcher that does not answer must not keep the list of the others. */
const PATIENCE_MS = 2000;

/** All launches of this user under a root, or those of one domain. Domains that live without a launcher are there too. */
export async function liveLaunches(root: string, only?: string): Promise<LiveLaunch[]> {
  const domains = only === undefined ? native().domains(root) : [only];
  const found = await Promise.all(
    domains.filter((domain) => isAlive(root, domain)).map((each) => launchesIn(root, each)),
  );
  return found.flat();
}

async function launchesIn(root: string, domain: string): Promise<LiveLaunch[]> {
  const found = await Promise.all(controlPaths(root, domain).map((path) => launchAt(path, domain)));
  const launches = found.filter((launch) => launch !== undefined);
  if (launches.length > 0) return launches;
  const { participants } = native().inspect(root, domain);
  const names = participants
    .filter(({ alive, viewer }) => alive && !viewer)
    .map(({ name, pid }) => `${name} (pid ${pid})`);
  return [{ domain, facts: null, nodes: [], problem: `no launcher; there are ${names.join(', ')}` }];
}

async function launchAt(path: string, domain: string): Promise<LiveLaunch | undefined> {
  try {
    const facts = await askLauncher<LaunchFacts>(path, { ask: 'launch' }, PATIENCE_MS);
    if (!facts) return undefined;
    const nodes = (await askLauncher<readonly NodeSummary[]>(path, { ask: 'nodes' }, PATIENCE_MS)) ?? [];
    return { domain, facts, nodes };
  } catch (error) {
    if (!isBabusError(error)) throw error;
    return { domain, facts: null, nodes: [], problem: error.message };
  }
}
