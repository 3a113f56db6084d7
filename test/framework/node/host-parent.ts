// A supervisor that lets go of its node when it is told so (SIGUSR2), or is killed: run by host.test.ts.
import { fork } from 'node:child_process';
import type { FromNode } from '../../../framework/spec.js';

const [host = '', spec = ''] = process.argv.slice(2);
const child = fork(host);
child.on('message', (message) => console.log(`parent: ${(message as FromNode).type} ${child.pid}`));
child.on('exit', (code, signal) => console.log(`parent: exit ${code} ${signal}`));
process.on('SIGUSR2', () => child.disconnect());
child.send({ type: 'start', spec: JSON.parse(spec) as unknown });
