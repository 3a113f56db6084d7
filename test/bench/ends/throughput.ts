/**
 * One end of a stream as fast as it goes, 64 bytes a message: `node throughput.js OPTIONS`, OPTIONS being JSON. The reader prints
 * messages a second, without the first tenth.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { native } from '../../../framework/native.js';
import { SlotPublisher } from '../../../framework/slots/index.js';
import { Small } from '../fixtures/schemas/index.js';
import { attached, joinDomain, receive, smallSlot } from './babus.js';
import { whole } from './transports/unix-socket.js';

export interface ThroughputOptions {
  readonly transport: 'babus' | 'unix socket' | 'zeromq';
  readonly role: 'writer' | 'reader';
  readonly folder: string;
  readonly root: string;
  readonly mechanism: string;
  readonly messages: number;
}

const BYTES = 64;
const DEPTH = 4096;
/** The reader says how far it is after so many; the writer stays within the slot. */
const CREDIT_EVERY = 512;

/** Counts what comes. */
class Meter {
  missed = 0;
  taken = 0;
  readonly #messages: number;
  readonly #warmUp: number;
  #startMs = 0;

  constructor(messages: number) {
    this.#messages = messages;
    this.#warmUp = Math.floor(messages / 10);
  }

  /** @returns true with the last one */
  count(): boolean {
    if (++this.taken === this.#warmUp) this.#startMs = performance.now();
    return this.taken === this.#messages;
  }

  print(): void {
    const seconds = (performance.now() - this.#startMs) / 1000;
    const result = { per_second: (this.#messages - this.#warmUp) / seconds, missed: this.missed };
    process.stdout.write(JSON.stringify(result), () => process.exit(0));
  }
}

const options = JSON.parse(process.argv[2]!) as ThroughputOptions;
const meter = new Meter(options.messages);
const isReader = options.role === 'reader';
if (options.transport === 'babus') await (isReader ? readBabus : writeBabus)();
else if (options.transport === 'unix socket') await (isReader ? readSocket : writeSocket)();
else await (isReader ? readZeroMq : writeZeroMq)();

function readBabus(): Promise<void> {
  native().dieWithParent();
  const participant = joinDomain(options.root, 'reader', options.mechanism);
  const credit = new SlotPublisher(participant.publisher(smallSlot('credit', 8)), Small);
  const allow = (): void => {
    const small = credit.loan();
    small.index = meter.taken;
    small.publish();
  };
  receive(participant, smallSlot('stream', DEPTH), Small, (_view, info) => {
    meter.missed += info.missed;
    const isLast = meter.count();
    if (isLast) return meter.print();
    if (meter.taken % CREDIT_EVERY === 0) allow();
  });
  return Promise.resolve();
}

async function writeBabus(): Promise<void> {
  native().dieWithParent();
  const participant = joinDomain(options.root, 'writer', options.mechanism);
  const publisher = new SlotPublisher(participant.publisher(smallSlot('stream', DEPTH)), Small);
  let index = 0;
  const write = (taken: number): void => {
    const until = Math.min(options.messages, taken + DEPTH - CREDIT_EVERY);
    while (index < until) {
      const small = publisher.loan();
      small.index = ++index;
      small.publish();
    }
  };
  receive(participant, smallSlot('credit', 8), Small, (view) => write(view.index));
  await attached(options.root, 'stream', 1);
  write(0);
}

async function readSocket(): Promise<void> {
  const server = createServer((socket) => {
    socket.on(
      'data',
      whole(BYTES, () => {
        if (meter.count()) meter.print();
      }),
    );
  }).listen(join(options.folder, 'socket'));
  await once(server, 'listening');
}

async function writeSocket(): Promise<void> {
  const socket = await connected(join(options.folder, 'socket'));
  const payload = Buffer.alloc(BYTES);
  for (let i = 0; i < options.messages; i++) if (!socket.write(payload)) await once(socket, 'drain');
}

async function connected(path: string): Promise<Socket> {
  for (;;) {
    const socket = connect(path);
    const result = await Promise.race([
      once(socket, 'connect').then(() => true),
      new Promise<boolean>((resolve) => socket.once('error', () => resolve(false))),
    ]);
    if (result) return socket;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function readZeroMq(): Promise<void> {
  const { Pull } = await import('zeromq');
  const socket = new Pull();
  await socket.bind(`ipc://${join(options.folder, 'zeromq')}`);
  for await (const _message of socket) if (meter.count()) return meter.print();
}

async function writeZeroMq(): Promise<void> {
  const { Push } = await import('zeromq');
  const socket = new Push();
  socket.connect(`ipc://${join(options.folder, 'zeromq')}`);
  const payload = Buffer.alloc(BYTES);
  for (let i = 0; i < options.messages; i++) await socket.send(payload);
  // It has sent nothing yet of what is left in its queue; the bench ends this process.
  setInterval(() => undefined, 1000);
}
