import type { Pinning } from '../../suite.js';

/** What both ends of a round trip are told. */
export interface Link {
  readonly transport: TransportName;
  readonly role: 'ping' | 'echo';
  readonly pinning: Pinning;
  /** Every message has this many bytes. */
  readonly bytes: number;
  /** Round trips at most; fewer when they take long. */
  readonly rounds: number;
  /** For sockets. */
  readonly folder: string;
  /** Shared-memory root. */
  readonly root: string;
  /** How Babus's nodes sleep. */
  readonly mechanism: string;
}

/** One end of something that carries messages both ways. */
export interface Transport {
  /** Sends one message of the agreed size; its content does not matter. */
  send(): void;
}

export type OnMessage = () => void;

export const TRANSPORTS = [
  'babus',
  'unix socket',
  'worker_threads',
  'process.send',
  'zeromq',
  'redis',
] as const;
export type TransportName = (typeof TRANSPORTS)[number];
