import { read as readWithCallback } from 'node:fs';
import { promisify } from 'node:util';
import type { SerialPort } from 'serialport';
import { LiveReader } from './live.js';
import type { StreamListener } from './nmea-stream.js';

const read = promisify(readWithCallback);
const BUFFER_BYTES = 4096;

/** An open port: serialport knows how to set its speed and how to wait for bytes. */
type Port = Extract<
  Awaited<ReturnType<(typeof SerialPort)['binding']['open']>>,
  { readonly poller: unknown; fd: unknown }
>;

/** One connection to a receiver. */
export interface Connection {
  readonly listener: StreamListener;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Called once it is there. */
  readonly connected: () => void;
}

/**
 * Reads a receiver at a serial port until it is unplugged or the signal comes.
 *
 * @throws Error when it cannot be opened, or is gone
 */
export async function readSerial(path: string, baudRate: number, connection: Connection): Promise<void> {
  const { listener, signal, connected } = connection;
  const port = await open(path, baudRate);
  const wake = (): void => port.poller.stop();
  signal.addEventListener('abort', wake);
  let failure: { readonly error: unknown } | undefined;
  const reader = new LiveReader(listener, (error) => {
    failure ??= { error };
    wake();
  });
  try {
    connected();
    for await (const chunk of chunks(port, () => signal.aborted || failure !== undefined)) reader.push(chunk);
  } finally {
    signal.removeEventListener('abort', wake);
    reader.end();
    await port.close();
  }
  if (failure) throw failure.error;
}

async function open(path: string, baudRate: number): Promise<Port> {
  // Loaded here, because it is native code that only this kind of source needs.
  const { SerialPort } = await import('serialport');
  try {
    // With vmin 1, no bytes mean that the device is gone, not that it is silent.
    return (await SerialPort.binding.open({ path, baudRate, vmin: 1, vtime: 0 })) as Port;
  } catch (cause) {
    // Its messages begin with 'Error: '.
    throw new Error((cause as Error).message.replace(/^Error: /, ''), { cause });
  }
}

/**
 * What serialport's own stream would give, were it not for devices that are torn away: version 13 does not notice, and reads
 * their end of file again and again.
 */
async function* chunks(port: Port, isOver: () => boolean): AsyncGenerator<Uint8Array, void> {
  const buffer = Buffer.alloc(BUFFER_BYTES);
  while (!isOver()) {
    const bytes = await read(port.fd!, buffer, 0, buffer.length, null).catch(onlyNothingThere);
    if (isOver()) return;
    if (bytes === undefined) await readable(port).catch((error: unknown) => onlyWhen(isOver(), error));
    else if (bytes.bytesRead === 0) throw new Error('the device is gone');
    else yield buffer.subarray(0, bytes.bytesRead);
  }
}

function onlyNothingThere(error: NodeJS.ErrnoException): undefined {
  if (!['EAGAIN', 'EWOULDBLOCK', 'EINTR'].includes(error.code ?? '')) throw error;
}

/** Rejects when the port has trouble, or somebody stops the poller. */
function readable({ poller }: Port): Promise<void> {
  return new Promise((resolve, reject) =>
    poller.once('readable', (error) => {
      if (error) reject(error);
      else resolve();
    }),
  );
}

function onlyWhen(isExpected: boolean, error: unknown): void {
  if (!isExpected) throw error;
}
