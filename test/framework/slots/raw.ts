import {
  HEADER_BYTES,
  INFO,
  type NativeParticipant,
  type NativePublisher,
  type NativeSubscription,
  type SlotConfig,
  type SlotMemory,
} from '../../../framework/native.js';
import { slotConfig, slotSpec, type SlotSettings } from '../../../framework/slots/index.js';
import { Count } from './count.js';

/** A fresh domain for one test. */
export interface TestDomain {
  join(name: string): NativeParticipant;
  /** Lets everybody leave. */
  end(): void;
}

export function config(settings: SlotSettings = {}): SlotConfig {
  return slotConfig(slotSpec('counter', Count, settings));
}

/** The number at the start of a payload. */
export function payload(memory: SlotMemory, buffer: number): Float64Array {
  const chunk = memory.chunks[Math.floor(buffer / memory.buffersPerChunk)]!;
  return new Float64Array(chunk, (buffer % memory.buffersPerChunk) * memory.stride + HEADER_BYTES, 1);
}

export function publish(publisher: NativePublisher, value: number): number {
  const buffer = publisher.loan(8);
  payload(publisher, buffer)[0] = value;
  return publisher.commit(buffer, 8);
}

/** Value of the message just taken. */
export function value(subscription: NativeSubscription): number {
  return payload(subscription, subscription.info[INFO.BUFFER]!)[0]!;
}

/** Takes and releases; undefined when there is nothing. */
export function next(
  subscription: NativeSubscription,
): { value: number; sequence: number; missed: number } | undefined {
  if (!subscription.take()) return undefined;
  const { info } = subscription;
  const taken = { value: value(subscription), sequence: info[INFO.SEQUENCE]!, missed: info[INFO.MISSED]! };
  subscription.release(info[INFO.PIN]!);
  return taken;
}

type Body = (domain: TestDomain) => void | Promise<void>;

/** A test in a domain of its own. */
export function within(open: () => TestDomain, body: Body): () => Promise<void> {
  return async () => {
    const domain = open();
    try {
      await body(domain);
    } finally {
      domain.end();
    }
  };
}

/** For assert.throws. */
export const code = (wanted: string) => (error: unknown) => (error as { code?: unknown }).code === wanted;
