/** Listens in a worker of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { listen, type Scene } from './scene.js';

const { scene, deed } = workerData as { scene: Scene; deed: string };
const listening = listen(scene, (value) => {
  parentPort!.postMessage(value);
  if (deed === 'exit in a wake') process.exit();
  while (deed === 'never return') listening.subscription.newest();
});

switch (deed) {
  case 'unref':
    listening.waiter.unref();
    break;
  case 'close':
    listening.waiter.close();
    break;
  case 'exit':
    setImmediate(() => process.exit());
    break;
  case 'sleep':
  case 'exit in a wake':
    parentPort!.postMessage('ready');
    break;
  default:
    // The others say so from within a wake.
    break;
}
