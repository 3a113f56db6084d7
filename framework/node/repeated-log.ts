import type { Logger } from './log.js';

const WINDOW_MS = 5000;

/** Kinds of one message that are told apart at a time; further ones count as one. */
const MAX_KINDS = 8;

interface Open {
  readonly key: string;
  readonly level: 'warn' | 'error';
  readonly message: string;
  /** Since it was last spoken of. */
  again: number;
  last: object;
}

/**
 * Says what may go wrong a thousand times a second: the first time with all there is, then how often, once in five seconds,
 * until five seconds passed without it. A message and a kind stand for a cause, so nothing that changes belongs into them.
 */
export class RepeatedLog {
  readonly #log: Logger;
  /** By message and kind. */
  readonly #open = new Map<string, Open>();
  #timer: NodeJS.Timeout | undefined;

  /** @param each say everything at length each time */
  constructor(
    log: Logger,
    private readonly each = false,
  ) {
    this.#log = log;
  }

  warn(fields: object, message: string, kind = ''): void {
    this.#say('warn', fields, message, kind);
  }

  error(fields: object, message: string, kind = ''): void {
    this.#say('error', fields, message, kind);
  }

  /** Says the counts that are left, now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const open of this.#open.values()) this.#sum(open);
    this.#open.clear();
  }

  #say(level: Open['level'], fields: object, message: string, kind: string): void {
    if (this.each) return this.#log[level](fields, message);
    const key = this.#keyOf(message, kind);
    const open = this.#open.get(key);
    if (open) {
      open.again++;
      open.last = fields;
      return;
    }
    this.#open.set(key, { key, level, message, again: 0, last: fields });
    this.#log[level](fields, message);
    this.#timer ??= this.#later();
  }

  #keyOf(message: string, kind: string): string {
    const key = `${message}\0${kind}`;
    if (this.#open.has(key)) return key;
    let kinds = 0;
    for (const open of this.#open.values()) if (open.message === message) kinds++;
    return kinds < MAX_KINDS ? key : `${message}\0`;
  }

  #later(): NodeJS.Timeout {
    return setTimeout(() => {
      for (const open of this.#open.values()) if (!this.#sum(open)) this.#open.delete(open.key);
      this.#timer = this.#open.size > 0 ? this.#later() : undefined;
    }, WINDOW_MS).unref();
  }

  /** @returns false when there was nothing to say */
  #sum(open: Open): boolean {
    const { level, message, again, last } = open;
    if (again === 0) return false;
    this.#log[level]({ times: again, ...withoutStacks(last) }, `${message} (again; here is the last time)`);
    open.again = 0;
    return true;
  }
}

/** The stack was said the first time. */
function withoutStacks(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Error ? `${value.name}: ${value.message}` : (value as unknown),
    ]),
  );
}
