/** Says how a worker's waiter is woken. */
import { parentPort, workerData } from 'node:worker_threads';
import { join } from './scene.js';

const participant = join({ root: workerData as string, wake: {} }, 'worker');
const waiter = participant.waiter(() => undefined);
parentPort!.postMessage(waiter.mechanism);
participant.leave();
