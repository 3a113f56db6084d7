import { HEADER_BYTES, INFO, type NativeSubscription } from '../native.js';
import { Memory, parseDescriptor, readDynamic, type SchemaDescriptor } from '../schema/index.js';
import { followSlot, type FollowEnd } from './follow.js';

export interface EchoedMessage {
  readonly slot: string;
  readonly seq: number;
  /** Wall-clock publish time in nanoseconds since 1970, as digits: a JSON number cannot hold it. */
  readonly time_ns: string;
  /** Messages lost between the one printed before and this. */
  readonly missed: number;
  readonly message: Record<string, unknown>;
}

export interface EchoOptions {
  readonly root: string;
  readonly domain: string;
  readonly slot: string;
  /** End after this many messages. */
  readonly count?: number;
  /** Cut longer arrays; they are printed whole without it. */
  readonly maxArray?: number;
  readonly maxText?: number;
  readonly signal: AbortSignal;
  readonly print: (message: EchoedMessage) => void;
}

/**
 * Prints the messages of a slot from the next one on. The schema comes from the slot itself, so that messages of schemas this
 * process has never seen are read too.
 */
export async function echoSlot(options: EchoOptions): Promise<FollowEnd> {
  let left = options.count ?? Infinity;
  let schema: SchemaDescriptor | undefined;
  return followSlot({
    ...options,
    as: 'babus-slot-echo',
    onMessage: ({ subscription, info }) => {
      schema ??= parseDescriptor(subscription.descriptor, subscription.name);
      const memory = memoryOf(subscription, info);
      const message = readDynamic(schema, memory, {
        ...(options.maxArray === undefined ? {} : { maxArray: options.maxArray }),
        ...(options.maxText === undefined ? {} : { maxText: options.maxText }),
        // A sound message cannot hold more values than bytes.
        maxValues: memory.length,
      });
      const time = BigInt(info[INFO.WALL_SEC]!) * 1_000_000_000n + BigInt(info[INFO.WALL_NSEC]!);
      options.print({
        slot: subscription.name,
        seq: info[INFO.SEQUENCE]!,
        time_ns: String(time),
        missed: info[INFO.MISSED]!,
        message,
      });
      return --left > 0;
    },
  });
}

function memoryOf(
  { chunks, buffersPerChunk, stride, maxBytes, name }: NativeSubscription,
  info: Float64Array,
): Memory {
  const buffer = info[INFO.BUFFER]!;
  const chunk = chunks[Math.floor(buffer / buffersPerChunk)]!;
  const offset = (buffer % buffersPerChunk) * stride + HEADER_BYTES;
  const memory = new Memory(chunk, offset, Math.ceil(maxBytes / 8) * 8, buffer, name);
  memory.length = info[INFO.BYTES]!;
  return memory;
}
