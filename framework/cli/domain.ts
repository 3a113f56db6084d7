import { rmdirSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  controlPath,
  controlPaths,
  ControlServer,
  joinedControlPath,
  removeStaleSocket,
  type Answer,
} from '../control/index.js';
import { BabusError, isBabusError } from '../errors/index.js';
import { native, type NativeParticipant, type ParticipantInspection } from '../native.js';

const DEFAULT_ROOT = '/dev/shm/babus';

/** Folder that holds the domains: BABUS_SHM, else the machine's shared memory. */
export function sharedMemoryRoot(env: NodeJS.ProcessEnv = process.env): string {
  const root = env['BABUS_SHM'];
  // Absolute, because a node may have another working folder than its launcher.
  return root === undefined || root === '' ? DEFAULT_ROOT : resolve(root);
}

/** The domain that was named, or the only one there is. @throws BabusError ERR_BABUS_DOMAIN_MISSING */
export function domainFor(root: string, named: string | undefined): string {
  const given = named ?? process.env['BABUS_DOMAIN'];
  if (given !== undefined && given !== '') return given;
  const domains = native()
    .domains(root)
    .filter((domain) => isAlive(root, domain));
  if (domains.length === 1) return domains[0]!;
  throw new BabusError(
    'ERR_BABUS_DOMAIN_MISSING',
    domains.length === 0
      ? `no domain is running under ${root}; start one with 'babus launch FILE'`
      : `several domains are running (${domains.join(', ')}); name one with --domain or BABUS_DOMAIN`,
  );
}

/** Takes away what a domain has left behind, unless someone is alive in it; another user's is left to that user. */
export function removeIdleDomain(root: string, domain: string): void {
  try {
    for (const path of controlPaths(root, domain)) removeStaleSocket(path, () => isLaunched(root, domain));
    native().removeDomain(root, domain);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'ERR_BABUS_PERMISSION') return;
    throw error;
  }
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
 * Whether anyone but viewers is alive in a domain; what a killed launch has left behind is no running domain. One whose file
 * is damaged, or of another version, is of no use to who did not name it.
 */
export function isAlive(root: string, domain: string): boolean {
  return hasParticipant(root, domain, false, ({ alive, viewer }) => alive && !viewer);
}

function isLaunched(root: string, domain: string): boolean {
  return hasParticipant(root, domain, true, ({ alive, name }) => alive && name === LAUNCHER);
}

/** @param unreadable the answer for a domain that cannot be looked into */
function hasParticipant(
  root: string,
  domain: string,
  unreadable: boolean,
  test: (one: ParticipantInspection) => boolean,
): boolean {
  try {
    return native().inspect(root, domain).participants.some(test);
  } catch (error) {
    if (!isBabusError(error)) throw error;
    if (error.code === 'ERR_BABUS_DOMAIN_MISSING') return false;
    if (error.code === 'ERR_BABUS_DOMAIN_CORRUPT' || error.code === 'ERR_BABUS_DOMAIN_VERSION')
      return unreadable;
    throw error;
  }
}

/**
 * The domain of one launch. The launcher takes part in it, so that the domain and the messages in it stay while all nodes
 * happen to be restarting, and a second launch of the same domain is refused.
 */
export class LaunchDomain {
  readonly #root: string;
  readonly #domain: string;
  readonly #join: boolean;
  #participant: NativeParticipant | undefined;
  #control: ControlServer | undefined;

  /** @param join whether others may be alive in it already */
  constructor(root: string, domain: string, join = false) {
    this.#join = join;
    this.#root = root;
    this.#domain = domain;
  }

  /** Makes the domain afresh, or joins one that lives. @throws BabusError ERR_BABUS_DOMAIN_EXISTS when someone is alive in one of that name */
  prepare(): void {
    const core = native();
    if (!this.#join) core.removeDomain(this.#root, this.#domain);
    this.#participant = new core.Participant({
      root: this.#root,
      domain: this.#domain,
      name: LAUNCHER,
      create: true,
      watch: 'everybody',
    });
    const others = this.#join ? [] : this.#others();
    if (others.length === 0) return;
    this.#participant.leave();
    this.#participant = undefined;
    throw new BabusError(
      'ERR_BABUS_DOMAIN_EXISTS',
      `domain '${this.#domain}' is in use by ${others.join(', ')}; stop them, add to them with --join, or choose another with --domain`,
    );
  }

  /** Answers on the domain's control socket until `cleanup()`. @throws BabusError ERR_BABUS_SYSTEM */
  async listen(answer: Answer): Promise<void> {
    this.#control = await ControlServer.listen(this.#controlPath(), answer);
  }

  #controlPath(): string {
    return this.#join
      ? joinedControlPath(this.#root, this.#domain, process.pid)
      : controlPath(this.#root, this.#domain);
  }

  /** Takes the domain away again, also from under viewers such as `babus slot echo`, which then end. */
  cleanup(): void {
    if (!this.#participant) return;
    this.#control?.close();
    this.#participant.leave();
    this.#participant = undefined;
    removeIdleDomain(this.#root, this.#domain);
  }

  /** Of two launches that start at the same instant each sees the other: only the one in the later row gives way. */
  #others(): string[] {
    const own = this.#participant!.row;
    return native()
      .inspect(this.#root, this.#domain)
      .participants.filter(
        ({ row, name, alive, viewer }) =>
          alive && !viewer && row !== own && !(name === LAUNCHER && row > own),
      )
      .map(({ name, pid }) => `${name} (pid ${pid})`);
  }
}
