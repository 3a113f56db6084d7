import { HEADER_BYTES, type SlotMemory } from '../native.js';
import { Memory, type MessageHolder } from '../schema/runtime/memory.js';

/** One buffer of a slot as this process sees it. */
export interface Buffer<Accessor> {
  readonly memory: Memory;
  /** The view or loan over it. */
  readonly accessor: Accessor;
  /** Message that the accessor was last handed out for; 0 when none. */
  sequence: number;
}

/**
 * Views or loans of one slot, made on the first use of a buffer and handed out again for each message that passes through
 * it, so that delivery makes no garbage.
 */
export class BufferTable<Accessor> {
  readonly #slot: SlotMemory;
  readonly #make: new (memory: Memory, offset?: number) => Accessor;
  readonly #buffers: (Buffer<Accessor> | undefined)[] = [];

  constructor(
    slot: SlotMemory,
    make: new (memory: Memory, offset?: number) => Accessor,
    private readonly holder?: MessageHolder,
  ) {
    this.#slot = slot;
    this.#make = make;
  }

  at(index: number): Buffer<Accessor> {
    return this.#buffers[index] ?? this.#add(index);
  }

  /** Those in use so far. */
  *[Symbol.iterator](): Iterator<Buffer<Accessor>> {
    for (const buffer of this.#buffers) if (buffer) yield buffer;
  }

  #add(index: number): Buffer<Accessor> {
    const { chunks, buffersPerChunk, stride, maxBytes, name } = this.#slot;
    const chunk = chunks[Math.floor(index / buffersPerChunk)];
    if (!chunk) throw new RangeError(`${name}: buffer ${index} lies outside the slot's memory`);
    const offset = (index % buffersPerChunk) * stride + HEADER_BYTES;
    // A stride leaves room for the rounding; what exceeds max_bytes is refused when it is reserved.
    const capacity = Math.ceil(maxBytes / 8) * 8;
    const memory = new Memory(chunk, offset, capacity, index, name);
    memory.holder = this.holder;
    // Filled in order of index, or the array would become a dictionary.
    while (this.#buffers.length < index) this.#buffers.push(undefined);
    return (this.#buffers[index] = { memory, accessor: new this.#make(memory), sequence: 0 });
  }
}
