/** Far longer than anything takes on a loaded machine, yet below Mocha's own 60 s, so that the message says what hung. */
export const WATCHDOG_MS = 45_000;

const POLL_MS = 5;

/**
 * The promise's own outcome, or an error naming `what` when there is none in time: for waits that hang when the code is
 * wrong. Never a measure of speed.
 */
export async function watchdog<T>(promise: Promise<T>, what: string, timeoutMs = WATCHDOG_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const bark = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`still waiting after ${timeoutMs} ms for ${what}`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, bark]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits until `probe` returns something other than undefined, null or false, and returns that; looks every few
 * milliseconds. For states that can only be observed (files, /proc), instead of a sleep.
 *
 * @throws Error naming `what` when it does not come about in time
 */
export async function until<T>(
  probe: () => T | Promise<T>,
  what: string,
  timeoutMs = WATCHDOG_MS,
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== null && found !== false)
      return found as NonNullable<Exclude<T, false>>;
    if (performance.now() > deadline) throw new Error(`still waiting after ${timeoutMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
