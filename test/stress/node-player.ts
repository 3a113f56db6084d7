/**
 * One process of the storm of nodes, and one worker thread of it: each joins, attaches, publishes or reads and leaves, again
 * and again, until it is killed. What it finds wrong ends it with an error on stderr.
 *
 * node-player.js ROOT SEAT; on its IPC channel `worker` means: terminate the worker, wherever it is, and start another.
 */
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { Player, type Seat } from './node-player-life.js';

if (isMainThread) {
  const [root = '', seat = '0'] = process.argv.slice(2);
  let worker = startWorker(root, Number(seat));
  process.on('message', () => {
    void worker.terminate();
    worker = startWorker(root, Number(seat));
  });
  process.on('disconnect', () => process.exit(0)); // nobody is there any more who would kill us
  new Player({ root, seat: Number(seat), thread: 'main' }).live();
} else {
  new Player(workerData as Seat).live();
}

function startWorker(root: string, seat: number): Worker {
  const data: Seat = { root, seat, thread: 'worker' };
  const worker = new Worker(new URL(import.meta.url), { workerData: data });
  worker.on('error', (error) => {
    process.stderr.write(`worker: ${error.stack ?? error.message}\n`);
    process.exit(1);
  });
  return worker;
}
