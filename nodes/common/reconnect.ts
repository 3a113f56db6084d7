import { setTimeout as sleep } from 'node:timers/promises';
import { isBabusError, type Logger } from 'babus';

/** What a session tells about itself; each as often as it likes. */
export interface Link {
  /** The device is open, the other side has answered. */
  connected(): void;
  /** Something that can be used has come through it: it is connected. */
  delivered(): void;
}

export interface KeepTryingOptions {
  /**
   * Opens the device or connection and works with it until it is gone. Tells `link` once it works. Ends soon after `signal`
   * was aborted. Returning means that the other side ended it, throwing that it could not be opened or broke.
   */
  readonly session: (signal: AbortSignal, link: Link) => Promise<void>;
  readonly log: Logger;
  /** What the log calls it: `GPS receiver /dev/ttyUSB0`. */
  readonly what: string;
  /** Ends the session, the waiting and the trying. */
  readonly signal: AbortSignal;
  /**
   * How long to wait after the first failure, ms; doubled after each further one. A session that delivered something, or
   * stayed connected for longer than that wait, is no failure: the next wait is the first again. One that only connects
   * is: a server that accepts and hangs up at once is not asked ever so often.
   */
  readonly firstDelayMs?: number;
  /** The longest wait, ms. */
  readonly maxDelayMs?: number;
  /** Waits, at most until `signal` is aborted, without an error. */
  readonly wait?: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Runs a session again and again, for devices that come and go. The log is told once when it works, once when it is gone,
 * and each reason once per absence.
 *
 * @returns once `signal` was aborted and the session has ended
 * @throws BabusError what a session threw: those are mistakes of configuration, which no further attempt would mend
 */
export async function keepTrying(options: KeepTryingOptions): Promise<void> {
  const { log, what, signal, firstDelayMs = 500, maxDelayMs = 10_000, wait = pause } = options;
  const told = new Set<string>();
  let delayMs = firstDelayMs;
  while (!signal.aborted) {
    const attempt = new Attempt(() => {
      told.clear();
      log.info(`${what}: connected`);
    });
    const reason = await run(() => options.session(signal, attempt));
    if (signal.aborted) return;
    if (attempt.hasDelivered || attempt.connectedMs > delayMs) delayMs = firstDelayMs;
    const state = attempt.isConnected ? 'lost' : 'not available';
    if (!told.has(reason)) log.warn(`${what}: ${state}: ${reason}; trying again until it is back`);
    told.add(reason);
    await wait(delayMs, signal);
    delayMs = Math.min(delayMs * 2, maxDelayMs);
  }
}

/** What is known of one session. */
class Attempt implements Link {
  hasDelivered = false;
  readonly #begin: () => void;
  #connectedAtMs: number | undefined;

  /** @param begin called when it is connected */
  constructor(begin: () => void) {
    this.#begin = begin;
  }

  get isConnected(): boolean {
    return this.#connectedAtMs !== undefined;
  }

  /** How long it has been connected, 0 if it never was. */
  get connectedMs(): number {
    return this.#connectedAtMs === undefined ? 0 : performance.now() - this.#connectedAtMs;
  }

  connected(): void {
    if (this.isConnected) return;
    this.#connectedAtMs = performance.now();
    this.#begin();
  }

  delivered(): void {
    this.connected();
    this.hasDelivered = true;
  }
}

/** @returns why the session ended */
async function run(session: () => Promise<void>): Promise<string> {
  try {
    await session();
    return 'it was closed by the other side';
  } catch (error) {
    if (isBabusError(error)) throw error;
    return (error as Error).message;
  }
}

async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  await sleep(delayMs, undefined, { signal }).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
}
