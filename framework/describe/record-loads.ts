/** Module hooks of the describing process: tell which files were loaded. Run in a thread of Node's own. */
import type { LoadHook } from 'node:module';
import type { MessagePort } from 'node:worker_threads';

let port: MessagePort | undefined;

export function initialize(data: MessagePort): void {
  port = data;
}

export const load: LoadHook = (url, context, nextLoad) => {
  if (url.startsWith('file:')) port?.postMessage(url);
  return nextLoad(url, context);
};
