import { askLauncher, controlPaths, type ControlRequest } from '../control/index.js';
import { BabusError, isBabusError } from '../errors/index.js';
import { native } from '../native.js';
import { domainFor, sharedMemoryRoot } from './domain.js';

/**
 * Asks the launchers of the domain that is named, or of the only one: the first that knows the answer.
 * @throws BabusError ERR_BABUS_DOMAIN_MISSING, ERR_BABUS_LAUNCHER, and what the launcher answers as error
 */
export async function ask<T>(request: ControlRequest, named: string | undefined): Promise<T> {
  const { root, domain } = liveDomain(named);
  let unknown: BabusError | undefined;
  for (const path of controlPaths(root, domain)) {
    try {
      const answer = await askLauncher<T>(path, request);
      if (answer !== undefined) return answer;
    } catch (error) {
      // A node may be of another launch of the domain.
      if (!isBabusError(error) || error.code !== 'ERR_BABUS_NODE_MISSING') throw error;
      unknown ??= error;
    }
  }
  throw unknown ?? withoutLauncher(root, domain);
}

/** Asks each launcher of a domain. @throws as ask() */
export async function askEach<T>(request: ControlRequest, named: string | undefined): Promise<T[]> {
  const { root, domain } = liveDomain(named);
  const answers = await askAllIn<T>(root, domain, request);
  if (answers.length === 0) throw withoutLauncher(root, domain);
  return answers;
}

/** Asks each launcher of a domain, which may have none. @throws BabusError ERR_BABUS_LAUNCHER and what one answers as error */
export async function askAllIn<T>(
  root: string,
  domain: string,
  request: ControlRequest,
  patienceMs?: number,
): Promise<T[]> {
  const paths = controlPaths(root, domain);
  const answers = await Promise.all(paths.map((path) => askLauncher<T>(path, request, patienceMs)));
  return answers.filter((answer) => answer !== undefined);
}

function liveDomain(named: string | undefined): { readonly root: string; readonly domain: string } {
  const root = sharedMemoryRoot();
  const domain = domainFor(root, named);
  native().recoverDomain(root, domain); // Throws when there is no such domain.
  return { root, domain };
}

function withoutLauncher(root: string, domain: string): BabusError {
  const { participants } = native().inspect(root, domain);
  const there = participants.filter(({ alive }) => alive).map(({ name, pid }) => `${name} (pid ${pid})`);
  return new BabusError(
    'ERR_BABUS_LAUNCHER',
    `domain '${domain}' has no launcher that could be asked: it was killed, or its participants were not started by ` +
      `babus launch; in the domain now: ${there.join(', ') || 'nobody'}`,
  );
}
