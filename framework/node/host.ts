/**
 * Entry of a node process, and the place where its parts are put together. Started by the supervisor with an IPC channel;
 * ends with it.
 */
import { native } from '../native.js';
import type { FromNode } from '../spec.js';
import { HostProcess } from './host-process.js';
import { createLogger, formatRecord, LOG_LEVELS, type LogLevel } from './log.js';

const given = process.env['BABUS_LOG'] ?? 'info';
const level = LOG_LEVELS.includes(given as LogLevel) ? (given as LogLevel) : 'info';
const log = createLogger((record) => process.stdout.write(`${formatRecord(record)}\n`), level);
if (given !== level) log.warn(`BABUS_LOG is '${given}'; known: ${LOG_LEVELS.join(', ')}`);

function send(message: FromNode): Promise<void> {
  // Errors are those of a supervisor that is gone: 'disconnect' deals with that.
  return new Promise(
    (resolve) => process.send?.(message, undefined, undefined, () => resolve()) ?? resolve(),
  );
}

const host = new HostProcess({
  log,
  join: (options) => new (native().Participant)(options),
  send,
  exit: (code) => process.exit(code),
});

process.on('uncaughtException', (error) => host.crash(error));
if (process.send) {
  process.on('message', (message) => host.receive(message));
  process.on('disconnect', () => void host.stop());
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void host.stop());
  process.on('exit', () => host.leave());
  native().dieWithParent();
} else {
  log.error('this is the entry of node processes, started by babus launch; run: babus launch FILE');
  process.exitCode = 2;
}
