import { askLauncher, controlPath, type ControlRequest } from '../control/index.js';
import { BabusError } from '../errors/index.js';
import { native } from '../native.js';
import { domainFor, sharedMemoryRoot } from './domain.js';

/**
 * Asks the launcher of the domain that is named, or of the only one.
 * @throws BabusError ERR_BABUS_DOMAIN_MISSING, ERR_BABUS_LAUNCHER, and what the launcher answers as error
 */
export async function ask<T>(request: ControlRequest, named: string | undefined): Promise<T> {
  const root = sharedMemoryRoot();
  const domain = domainFor(root, named);
  const path = controlPath(root, domain);
  native().recoverDomain(root, domain); // Throws when there is no such domain.
  const { participants } = native().inspect(root, domain);
  const answer = await askLauncher<T>(path, request);
  if (answer !== undefined) return answer;
  const there = participants.filter(({ alive }) => alive).map(({ name, pid }) => `${name} (pid ${pid})`);
  throw new BabusError(
    'ERR_BABUS_LAUNCHER',
    `domain '${domain}' has no launcher that could be asked (${path}): it was killed, or its participants were not started by ` +
      `babus launch; in the domain now: ${there.join(', ') || 'nobody'}`,
  );
}
