/** One scenario in a process of its own: `peer.js ROOT WAKE SCENARIO`. Prints ok, and has to end by itself. */
import type { WakeOptions } from '../../../framework/native.js';
import { endings } from './endings.js';
import { idling } from './idling.js';
import { ordering } from './ordering.js';
import { pingPong } from './ping-pong.js';
import { quiet } from './quiet.js';
import { races } from './races.js';
import { serving } from './serving.js';

const SCENARIOS = { ...serving, ...quiet, ...ordering, ...endings, ...idling, ...races, ...pingPong };

const [root, wake, name] = process.argv.slice(2);
await SCENARIOS[name as keyof typeof SCENARIOS]({ root: root!, wake: JSON.parse(wake!) as WakeOptions });
process.stdout.write('ok\n');
