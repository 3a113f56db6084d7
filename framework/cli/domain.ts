import { rmdirSync } from 'node:fs';
import { BabusError } from '../errors/index.js';
import { native, type NativeParticipant } from '../native.js';

const DEFAULT_ROOT = '/dev/shm/babus';

/** Folder that holds the domains: BABUS_SHM, else the machine's shared memory. */
export function sharedMemoryRoot(env: NodeJS.ProcessEnv = process.env): string {
  const root = env['BABUS_SHM'];
  return root === undefined || root === '' ? DEFAULT_ROOT : root;
}

/** Takes away what a domain has left behind, unless someone is alive in it. */
export function removeIdleDomain(root: string, domain: string): void {
  native().removeDomain(root, domain);
  if (root === DEFAULT_ROOT) removeIfEmpty(root);
}

/** A folder that the user named as the root is theirs to keep; the default one is made by us and goes with its last domain. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const stays = ['ENOTEMPTY', 'EEXIST', 'ENOENT', 'EPERM', 'EACCES'];
    if (code === undefined || !stays.includes(code)) throw error;
  }
}

const LAUNCHER = 'babus-launch';

/**
 * The domain of one launch. The launcher takes part in it, so that the domain and the messages in it stay while all nodes
 * happen to be restarting, and a second launch of the same domain is refused.
 */
export class LaunchDomain {
  readonly #root: string;
  readonly #domain: string;
  #participant: NativeParticipant | undefined;

  constructor(root: string, domain: string) {
    this.#root = root;
    this.#domain = domain;
  }

  /** Makes the domain afresh. @throws BabusError ERR_BABUS_DOMAIN_EXISTS when someone is alive in one of that name */
  prepare(): void {
    const core = native();
    core.removeDomain(this.#root, this.#domain);
    this.#participant = new core.Participant({
      root: this.#root,
      domain: this.#domain,
      name: LAUNCHER,
      create: true,
    });
    const others = this.#others();
    if (others.length === 0) return;
    this.#participant.leave();
    throw new BabusError(
      'ERR_BABUS_DOMAIN_EXISTS',
      `domain '${this.#domain}' is in use by ${others.join(', ')}; stop them, or choose another with --domain`,
    );
  }

  /** Takes the domain away again; what still reads from it, such as `babus slot echo`, does so when it ends. */
  cleanup(): void {
    this.#participant?.leave();
    this.#participant = undefined;
    removeIdleDomain(this.#root, this.#domain);
  }

  /** Of two launches that start at the same instant each sees the other: only the one in the later row gives way. */
  #others(): string[] {
    const own = this.#participant!.row;
    return native()
      .inspect(this.#root, this.#domain)
      .participants.filter(
        ({ row, name, alive }) => alive && row !== own && !(name === LAUNCHER && row > own),
      )
      .map(({ name, pid }) => `${name} (pid ${pid})`);
  }
}
