/**
 * Entry of a node process, and the place where its parts are put together. Started by the supervisor with a channel; ends with
 * it.
 */
import { Socket } from 'node:net';
import { Channel, CHANNEL_FD, CHANNEL_VARIABLE } from '../channel.js';
import { LOG_LEVELS, RECORD_MARK, RECORDS_VARIABLE, type LogLevel } from '../log-line.js';
import { native } from '../native.js';
import { HostProcess } from './host-process.js';
import { createLogger, encodeRecord, formatRecord, type LogRecord } from './log.js';

// For what is imported from now on, which is the node: as an option of Node it would have our own files' maps read at each start.
process.setSourceMapsEnabled(true);

const given = process.env['BABUS_LOG'] ?? 'info';
const level = LOG_LEVELS.includes(given as LogLevel) ? (given as LogLevel) : 'info';
const node = process.env['BABUS_NODE'] ?? '';
const readsRecords = process.env[RECORDS_VARIABLE] === '1';
delete process.env[RECORDS_VARIABLE];

function print(record: LogRecord): void {
  const origin = { timeMs: Date.now(), pid: process.pid, node };
  const text = readsRecords ? RECORD_MARK + encodeRecord(record, origin) : formatRecord(record);
  process.stdout.write(`${text}\n`);
}

const log = createLogger(print, level);
if (given !== level) log.warn(`BABUS_LOG is '${given}'; known: ${LOG_LEVELS.join(', ')}`);

/** The launcher is trusted, and a parameter may be a long list. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

function openChannel(): Channel {
  const socket = new Socket({ fd: CHANNEL_FD, readable: true, writable: true });
  const events = {
    onMessage: (message: unknown) => host.receive(message),
    onGarbage: () => log.warn('a line on the channel of the launcher is no message and is left aside'),
    onClose: () => void host.stop(),
  };
  return new Channel(socket, events, MAX_LINE_BYTES);
}

/** What was printed last is often the reason for the end; a launcher that reads slowly is waited for so long. */
const LAST_WORDS_MS = 1000;

function exit(code: number): void {
  const { stdout, stderr } = process;
  if (stdout.writableLength + stderr.writableLength === 0) process.exit(code);
  setTimeout(() => process.exit(code), LAST_WORDS_MS);
  stdout.write('', () => stderr.write('', () => process.exit(code)));
}

const isLaunched = process.env[CHANNEL_VARIABLE] === String(CHANNEL_FD);
// What this process starts has no channel.
delete process.env[CHANNEL_VARIABLE];
const channel = isLaunched ? openChannel() : undefined;

const host: HostProcess = new HostProcess({
  log,
  join: (options) => new (native().Participant)(options),
  send: async (message) => channel?.send(message),
  exit,
  checking: process.env['BABUS_CHECK'] === '1',
});

process.on('uncaughtException', (error) => host.crash(error));
if (isLaunched) {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void host.stop());
  process.on('exit', () => host.leave());
  native().dieWithParent();
} else {
  log.error('this is the entry of node processes, started by babus launch; run: babus launch FILE');
  process.exitCode = 2;
}
