/**
 * Plain data that passes between describe, launch and node: what a node class declares, and what one node process is told
 * to be. No code here, so that the control plane and the data plane can share it without importing each other.
 */
import type { SchemaDescriptor } from './schema/descriptor.js';

/** Declared by `@param`. A parameter without `default` is required. */
export interface ParamSpec {
  readonly type: 'number' | 'integer' | 'string' | 'boolean' | 'number[]' | 'string[]';
  readonly default?: ParamValue;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly choices?: readonly (string | number)[];
  readonly description?: string;
}

export type ParamValue = number | string | boolean | readonly number[] | readonly string[];

/** One port of a node class: a name that the launch file maps to a slot. */
export interface PortSpec {
  readonly name: string;
  readonly direction: 'publishes' | 'subscribes';
  readonly schema: SchemaSummary;
}

export interface SchemaSummary {
  /** Qualified: `std/Image`. */
  readonly name: string;
  /** 16 hexadecimal digits over the canonical descriptor. */
  readonly hash: string;
  /** Bytes of the fixed part. */
  readonly size: number;
  /** True when messages have a tail (strings or variable arrays), so that they can be longer than `size`. */
  readonly hasSpans: boolean;
  readonly descriptor: SchemaDescriptor;
}

/** What `framework/describe` learns from a node module without running a node. */
export interface NodeDescriptor {
  /** Exported name of the class. */
  readonly className: string;
  /** URL of the module file that is imported to run the node (compiled, in the cache, for .ts sources). */
  readonly moduleUrl: string;
  readonly ports: readonly PortSpec[];
  readonly params: Readonly<Record<string, ParamSpec>>;
  /** Slots' names are data; timers are listed so that a plan can print them. */
  readonly timers: readonly { readonly method: string; readonly period: string }[];
}

/** Everything a participant must agree on about a slot; the first one creates the slot with it. */
export interface SlotSpec {
  /** Absolute name without the leading slash: `camera/image`. */
  readonly name: string;
  readonly schema: SchemaSummary;
  readonly depth: number;
  /** Largest payload of one message, fixed part and tail, in bytes. */
  readonly maxBytes: number;
  readonly maxReaders: number;
  readonly pinsPerReader: number;
  readonly maxPublishers: number;
  readonly loansPerPublisher: number;
  /** Publishers take memory for their messages when they open the slot, not as messages need it. */
  readonly prefault?: boolean;
  /** Publishers check ranges and enums of each message, and refuse what breaks a rule. */
  readonly validate?: boolean;
  /** Undefined: for the domain's own user alone. */
  readonly access?: SlotAccess;
}

/** Which group may use a slot beside the domain's own user. */
export interface SlotAccess {
  /** As the launch file has it, for messages. */
  readonly group: string;
  readonly gid: number;
  /** With 'write' its members may publish too. */
  readonly mode: 'read' | 'write';
}

export const SLOT_DEFAULTS = {
  depth: 8,
  /** For schemas with strings or variable arrays; others take their fixed size. */
  maxBytesWithSpans: 8 * 1024 * 1024,
  maxReaders: 32,
  pinsPerReader: 4,
  maxPublishers: 8,
  loansPerPublisher: 4,
} as const;

/** How a node hears of messages. */
export interface WakeSpec {
  readonly mode: 'auto' | 'loop' | 'doorbell' | 'thread';
  /** Microseconds, at most MAX_SPIN_US, that it looks before it goes to sleep. */
  readonly spinUs?: number;
  /** `busy`: only while messages keep coming. */
  readonly spinWhile?: 'always' | 'busy';
}

export const MAX_SPIN_US = 1000;

/** What one node process is told to be: the supervisor sends it as the first message. */
export interface NodeSpec {
  readonly name: string;
  readonly domain: string;
  /** Shared-memory root folder, such as /dev/shm/babus. */
  readonly root: string;
  readonly moduleUrl: string;
  readonly className: string;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Port name → slot. Every port of the class has an entry. */
  readonly ports: Readonly<Record<string, SlotSpec>>;
  /** Undefined: as the framework thinks best. */
  readonly wake?: WakeSpec;
}

/** Messages over the channel between a supervisor and a node process. */
export type ToNode =
  | { readonly type: 'start'; readonly spec: NodeSpec }
  /** Everybody has attached, or is not waited for: the node may begin. Follows its `attached`. */
  | { readonly type: 'go' }
  /** `withinMs`: how long it may take until it is ended; undefined for what nodes have as a rule. */
  | { readonly type: 'stop'; readonly withinMs?: number };
export type FromNode =
  /** Its ports are open: from now on it misses nothing. It does nothing before `go`. */
  | { readonly type: 'attached' }
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly code?: string; readonly message: string }
  /** Once a second while the node is ready, and when its event loop goes on after it was blocked: a sign of life too. */
  | { readonly type: 'health'; readonly health: NodeHealth };

/** What a node process has counted since it started. */
export interface NodeCounters {
  /** Messages handed to handlers, and ticks of timers. */
  readonly handlerCalls: number;
  /** Handlers and timers that threw or rejected. */
  readonly handlerErrors: number;
  /** Of these, because all pins or loans of a quota were in use. */
  readonly quotaErrors: number;
  /** Loans that a handler left open and that were given back for it. */
  readonly loansGivenBack: number;
  /** Times that a message could not be taken. */
  readonly takeErrors: number;
  /** Times that the event loop stood still for longer than a second. */
  readonly blocked: number;
  readonly longestBlockMs: number;
}

export const NO_COUNTERS: NodeCounters = {
  handlerCalls: 0,
  handlerErrors: 0,
  quotaErrors: 0,
  loansGivenBack: 0,
  takeErrors: 0,
  blocked: 0,
  longestBlockMs: 0,
};

/** Messages of one port: published, or handed to its handler. */
export interface PortCounters {
  readonly messages: number;
  /** Lost because the node came too late; 0 for publishers. */
  readonly missed: number;
}

export interface NodeHealth {
  readonly counters: NodeCounters;
  /** By port name. */
  readonly ports: Readonly<Record<string, PortCounters>>;
}
