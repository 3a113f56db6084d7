import { BabusError } from '../errors/index.js';
import type {
  NativeParticipant,
  NativePublisher,
  NativeSubscription,
  NativeWaiter,
  SlotConfig,
} from '../native.js';
import { MemoryPublisher, MemorySubscription, MemoryWaiter } from './memory-ends.js';
import { MemorySlot } from './memory-slot.js';

/** A domain inside one process, for unit tests of nodes: what participants of it share instead of shared memory. */
export class MemoryDomain {
  readonly slots = new Map<string, MemorySlot>();
  #rows = 0;

  nextRow(): number {
    return this.#rows++;
  }

  /** The slot of a configuration, made when there is none. */
  slot(config: SlotConfig): MemorySlot {
    let slot = this.slots.get(config.name);
    if (slot) checkSame(slot.config, config);
    else this.slots.set(config.name, (slot = new MemorySlot(config)));
    return slot;
  }
}

function checkSame(have: SlotConfig, want: SlotConfig): void {
  if (have.layoutHash !== want.layoutHash || have.schemaName !== want.schemaName)
    throw new BabusError(
      'ERR_BABUS_SCHEMA_MISMATCH',
      `${want.name}: the slot holds ${have.schemaName} (${have.layoutHash}), asked for ${want.schemaName} (${want.layoutHash})`,
    );
  for (const key of Object.keys(want) as (keyof SlotConfig)[]) {
    const [there, here] = [JSON.stringify(have[key]), JSON.stringify(want[key])];
    if (there !== here)
      throw new BabusError(
        'ERR_BABUS_SLOT_CONFIG',
        `${want.name}: the slot has ${key} ${there}, asked for ${here}`,
      );
  }
}

/**
 * The twin of the core's participant over plain ArrayBuffers: same interface, same quotas, same loss, same order. What it
 * lacks is what one process does not need: other processes, recovery, read-only mappings. A waiter of it does not keep the
 * process alive.
 */
export class MemoryParticipant implements NativeParticipant {
  readonly row: number;
  readonly retired = false;
  readonly #open = new Set<{ close(): void }>();
  #left = false;

  constructor(
    private readonly domain: MemoryDomain,
    readonly name: string,
  ) {
    this.row = domain.nextRow();
  }

  publisher(config: SlotConfig): NativePublisher {
    this.#check();
    const slot = this.domain.slot(config);
    return this.#opened(new MemoryPublisher(slot, this));
  }

  subscription(config: SlotConfig): NativeSubscription {
    this.#check();
    return this.#opened(new MemorySubscription(this.domain.slot(config), this));
  }

  subscriptionTo(name: string): NativeSubscription {
    this.#check();
    const slot = this.domain.slots.get(name);
    if (!slot)
      throw new BabusError('ERR_BABUS_SLOT_MISSING', `${name}: there is no such slot in this domain`);
    return this.#opened(new MemorySubscription(slot, this));
  }

  waiter(onWake: () => void): NativeWaiter {
    this.#check();
    return this.#opened(new MemoryWaiter(onWake));
  }

  leave(): void {
    this.#left = true;
    for (const one of this.#open) one.close();
    this.#open.clear();
  }

  #check(): void {
    if (this.#left) throw new BabusError('ERR_BABUS_CLOSED', `participant ${this.name} has left its domain`);
  }

  #opened<T extends { close(): void }>(one: T): T {
    this.#open.add(one);
    return one;
  }
}
