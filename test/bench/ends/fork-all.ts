/** `node fork-all.js SCRIPT COUNT`: forks as many processes at once, says `all` when each has sent a message, and waits. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

const [script, count] = process.argv.slice(2);
const children = Array.from({ length: Number(count) }, () => fork(script!));
await Promise.all(children.map((child) => once(child, 'message')));
process.stdout.write('all\n');
