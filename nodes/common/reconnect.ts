import { setTimeout as sleep } from 'node:timers/promises';
import { isBabusError, type Logger } from 'babus';

export interface KeepTryingOptions {
  /**
   * Opens the device or connection and works with it until it is gone. Calls `connected()` once it works. Ends soon after
   * `signal` was aborted. Returning means that the other side ended it, throwing that it could not be opened or broke.
   */
  readonly session: (signal: AbortSignal, connected: () => void) => Promise<void>;
  readonly log: Logger;
  /** What the log calls it: `GPS receiver /dev/ttyUSB0`. */
  readonly what: string;
  /** Ends the session, the waiting and the trying. */
  readonly signal: AbortSignal;
  /** How long to wait after the first failure, ms; doubled after each further one. */
  readonly firstDelayMs?: number;
  /** The longest wait, ms. A session that lasted longer than its wait makes the next wait a short one again. */
  readonly maxDelayMs?: number;
}

/**
 * Runs a session again and again, for devices that come and go. The log is told once when it works, once when it is gone,
 * and each reason once per absence.
 *
 * @returns once `signal` was aborted and the session has ended
 * @throws BabusError what a session threw: those are mistakes of configuration, which no further attempt would mend
 */
export async function keepTrying(options: KeepTryingOptions): Promise<void> {
  const { session, log, what, signal, firstDelayMs = 500, maxDelayMs = 10_000 } = options;
  const told = new Set<string>();
  let delayMs = firstDelayMs;
  while (!signal.aborted) {
    let connectedAtMs: number | undefined;
    const connected = (): void => {
      if (connectedAtMs !== undefined) return;
      connectedAtMs = performance.now();
      told.clear();
      log.info(`${what}: connected`);
    };
    const reason = await run(() => session(signal, connected));
    if (signal.aborted) return;
    const upMs = connectedAtMs === undefined ? 0 : performance.now() - connectedAtMs;
    if (upMs > delayMs) delayMs = firstDelayMs;
    const state = connectedAtMs === undefined ? 'not available' : 'lost';
    if (!told.has(reason)) log.warn(`${what}: ${state}: ${reason}; trying again until it is back`);
    told.add(reason);
    await sleep(delayMs, undefined, { signal }).catch(onlyAbort);
    delayMs = Math.min(delayMs * 2, maxDelayMs);
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

function onlyAbort(error: unknown): void {
  if ((error as Error).name !== 'AbortError') throw error;
}
