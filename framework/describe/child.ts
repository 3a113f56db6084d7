/**
 * Entry of the process that imports one node module and reports what it declares. A process of its own, because a module may
 * print, throw, exit or never return while it is imported.
 */
import { writeSync } from 'node:fs';
import { register } from 'node:module';
import { inspect } from 'node:util';
import { MessageChannel, Worker } from 'node:worker_threads';
import { descriptorsOf } from '../node/metadata.js';
import { REPORT_FD, type ModuleReport } from './report.js';

/** Collects the URLs of all modules loaded from now on. */
function recordLoads(): Set<string> {
  const loaded = new Set<string>();
  const { port1, port2 } = new MessageChannel();
  port1.on('message', (url: string) => loaded.add(url)).unref();
  register('./record-loads.js', import.meta.url, { data: port2, transferList: [port2] });
  return loaded;
}

async function report(moduleUrl: string): Promise<ModuleReport> {
  const loaded = recordLoads();
  const namespace = (await import(moduleUrl)) as Record<string, unknown>;
  const classes = descriptorsOf(namespace);
  // The recording thread's messages have been sent by now; one turn lets them arrive.
  await new Promise((resolve) => setImmediate(resolve));
  return { ok: true, classes, exports: Object.keys(namespace), files: [...loaded] };
}

function failure(error: unknown): ModuleReport {
  // Anything may be thrown, undefined too.
  const { code, message, stack } = (error ?? {}) as { code?: unknown; message?: unknown; stack?: unknown };
  return {
    ok: false,
    ...(typeof code === 'string' ? { code } : {}),
    message: error instanceof Error ? `${error.name}: ${String(message)}` : `it throws ${inspect(error)}`,
    stack: typeof stack === 'string' ? stack : '',
  };
}

/** Ends the process, too: timers and servers of the module would keep it alive. */
function answer(report: ModuleReport): never {
  const bytes = Buffer.from(JSON.stringify(report));
  // Pipes take what fits: a long report needs more than one write.
  for (let written = 0; written < bytes.length;) written += writeSync(REPORT_FD, bytes, written);
  process.exit(0);
}

const moduleUrl = process.argv[2];
if (moduleUrl === undefined) throw new Error('usage: child.js MODULE_URL (started by babus, not by hand)');
new Worker(new URL('./lifeline.js', import.meta.url)).unref();
// For what the module leaves behind in promises and callbacks while its import goes on.
process.on('uncaughtException', (error) => answer(failure(error)));
try {
  answer(await report(moduleUrl));
} catch (error) {
  answer(failure(error));
}
