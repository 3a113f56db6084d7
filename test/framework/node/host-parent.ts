// A supervisor that lets go of its node when it is told so (SIGUSR2), or is killed: run by host.test.ts.
import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { Channel, CHANNEL_FD, CHANNEL_VARIABLE } from '../../../framework/channel.js';
import type { FromNode } from '../../../framework/spec.js';

const [host = '', spec = ''] = process.argv.slice(2);
const child = spawn(process.execPath, [host], {
  stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  env: { ...process.env, [CHANNEL_VARIABLE]: String(CHANNEL_FD) },
});
const hear = (message: unknown): void => {
  const { type } = message as FromNode;
  console.log(`parent: ${type} ${child.pid}`);
  if (type === 'attached') void channel.send({ type: 'go' });
};
const events = { onMessage: hear, onGarbage: () => undefined, onClose: () => undefined };
const channel: Channel = new Channel(child.stdio[CHANNEL_FD] as Duplex, events, 1e6);
child.on('exit', (code, signal) => console.log(`parent: exit ${code} ${signal}`));
process.on('SIGUSR2', () => channel.close());
void channel.send({ type: 'start', spec: JSON.parse(spec) as unknown });
