/** Publishes until its input ends: `feeder.js ROOT PER_SECOND DEPTH`. */
import { native } from '../../../framework/native.js';
import { config, publish } from '../slots/raw.js';

const [root, perSecond, depth] = process.argv.slice(2);
const participant = new (native().Participant)({ root: root!, domain: 'test', name: 'feeder', create: true });
const publisher = participant.publisher(config({ depth: Number(depth) }));
const pause = new Int32Array(new SharedArrayBuffer(4));
let value = 0;
let over = false;

/** Some messages at the asked rate, then a look at the input. */
function some(): void {
  for (let i = 0; i < 50 && !over; i++) {
    publish(publisher, ++value);
    Atomics.wait(pause, 0, 0, 1000 / Number(perSecond));
  }
  if (over) participant.leave();
  else setImmediate(some);
}

process.stdin.on('end', () => (over = true)).resume();
some();
process.stdout.write('feeding\n');
