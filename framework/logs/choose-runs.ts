import { join } from 'node:path';
import { BabusError, didYouMean } from '../errors/index.js';
import { isRunning, LATEST, listRunDomains, listRuns, readRun, type RunFacts } from './run-folder.js';

export interface ChosenRun {
  readonly name: string;
  readonly folder: string;
  readonly facts: RunFacts;
}

/** All runs of a domain that are kept, the oldest first. */
export function runsOf(state: string, domain: string): ChosenRun[] {
  return listRuns(state, domain).flatMap((name) => {
    const folder = join(state, domain, name);
    const facts = readRun(folder);
    return facts ? [{ name, folder, facts }] : [];
  });
}

/**
 * The runs that somebody means who names none: those under way, else the newest one.
 * @param domain undefined for the one that is running, else the one that ran last
 * @param run a name, or `latest`
 * @throws BabusError ERR_BABUS_ARGUMENT, ERR_BABUS_DOMAIN_MISSING
 */
export function chooseRuns(state: string, domain: string | undefined, run: string | undefined): ChosenRun[] {
  const chosen = domain ?? chooseDomain(state);
  const runs = runsOf(state, chosen);
  if (runs.length === 0)
    throw new BabusError(
      'ERR_BABUS_DOMAIN_MISSING',
      `there are no logs of a domain '${chosen}' in ${state}${didYouMean(chosen, listRunDomains(state))}`,
    );
  if (run === undefined) {
    const running = runs.filter(({ facts }) => isRunning(facts));
    return running.length > 0 ? running : runs.slice(-1);
  }
  if (run === LATEST) return runs.slice(-1);
  const found = runs.find(({ name }) => name === run);
  if (found) return [found];
  const names = runs.map(({ name }) => name);
  throw new BabusError(
    'ERR_BABUS_ARGUMENT',
    `no run '${run}' of domain '${chosen}' is kept${didYouMean(run, names)}; babus logs --list lists them`,
  );
}

function chooseDomain(state: string): string {
  const domains = listRunDomains(state).flatMap((domain) => {
    const newest = runsOf(state, domain).at(-1);
    return newest
      ? [{ domain, newest, running: runsOf(state, domain).some(({ facts }) => isRunning(facts)) }]
      : [];
  });
  const running = domains.filter((each) => each.running);
  if (running.length > 1)
    throw new BabusError(
      'ERR_BABUS_DOMAIN_MISSING',
      `several domains are running (${running.map(({ domain }) => domain).join(', ')}); name one with --domain or BABUS_DOMAIN`,
    );
  const byTime = domains.sort((a, b) => (a.newest.facts.started < b.newest.facts.started ? -1 : 1));
  const found = running[0] ?? byTime.at(-1);
  if (found) return found.domain;
  throw new BabusError(
    'ERR_BABUS_DOMAIN_MISSING',
    `no launch has kept logs in ${state}; start one with 'babus launch FILE'`,
  );
}
