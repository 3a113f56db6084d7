import { readFileSync } from 'node:fs';
import { type Cache, describeNodes } from '../../framework/describe/index.js';
import { loadLaunch, type LoadedLaunch, type LoadOptions } from '../../framework/launch/index.js';
import { REPO } from '../support/index.js';

/**
 * Loads a launch file of the tests. Its first line may say how: `# --domain NAME`, `# BABUS_DOMAIN=NAME`, and else words of
 * the command line. Of the environment nothing else is seen.
 */
export async function loadCase(file: string, cache: Cache): Promise<LoadedLaunch> {
  const words = /^# (.*)/.exec(readFileSync(file, 'utf8'))?.[1]?.split(' ') ?? [];
  const describe: NonNullable<LoadOptions['describe']> = (requests) => describeNodes(requests, { cache });
  if (words[0] === '--domain') return loadLaunch(file, { domain: words[1]!, env: {}, describe });
  const variable = /^(BABUS_[A-Z]+)=(.*)$/.exec(words[0] ?? '');
  if (variable) return loadLaunch(file, { env: { [variable[1]!]: variable[2] }, describe });
  return loadLaunch(file, { assignments: words, env: {}, describe });
}

/** All errors as the user sees them, with paths from the repository's top folder. */
export function shownErrors(loaded: LoadedLaunch): string {
  return loaded.errors.map((error) => `${error.message.replaceAll(REPO, '')}\n`).join('');
}
