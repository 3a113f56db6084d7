/**
 * A thread that kills its process when the parent is gone: the main thread may be in an endless loop of a module's. The
 * process leads a group of its own, so that what the module started goes too.
 */
import { Socket } from 'node:net';
import { LIFELINE_FD } from './report.js';

const lifeline = new Socket({ fd: LIFELINE_FD, readable: true, writable: false });
lifeline.on('error', end).on('close', end).resume();

function end(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.kill(process.pid, 'SIGKILL'); // No group leader: started by hand.
  }
}
