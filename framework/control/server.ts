import { lstatSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { BabusError } from '../errors/index.js';
import { Conversation, type Answer } from './conversation.js';

/** When more are connected, the one that came first has to go. */
export const MAX_CLIENTS = 32;

/** Listens on a launcher's control socket. Whatever clients do, the launcher goes on. */
export class ControlServer {
  readonly #path: string;
  readonly #server: Server;
  /** The oldest first. */
  readonly #conversations = new Set<Conversation>();

  private constructor(path: string, answer: Answer) {
    this.#path = path;
    // A client may end its side and still read: printf ... | socat.
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      const [oldest] = this.#conversations;
      if (this.#conversations.size >= MAX_CLIENTS) oldest!.close();
      const conversation = new Conversation(socket, answer);
      this.#conversations.add(conversation);
      socket.unref().on('close', () => this.#conversations.delete(conversation));
    });
  }

  /**
   * Begins to listen, in place of a socket that a killed launcher has left. Only the launcher of the domain may call this.
   * @throws BabusError ERR_BABUS_SYSTEM when the socket cannot be made
   */
  static async listen(path: string, answer: Answer): Promise<ControlServer> {
    if (!removeSocket(path))
      throw new BabusError('ERR_BABUS_SYSTEM', `${path} is in the way and no socket; move it away`);
    const control = new ControlServer(path, answer);
    await control.#listen();
    return control;
  }

  /** Closes every connection and removes the socket. */
  close(): void {
    this.#server.close();
    for (const conversation of this.#conversations) conversation.close();
    removeSocket(this.#path);
  }

  async #listen(): Promise<void> {
    const server = this.#server.unref();
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) =>
        reject(
          new BabusError('ERR_BABUS_SYSTEM', `${this.#path}: cannot listen: ${error.message}`, undefined, {
            cause: error,
          }),
        ),
      );
      // listen() makes the file before it returns: nobody else ever sees it with wider rights.
      const before = process.umask(0o177);
      try {
        server.listen(this.#path, resolve);
      } finally {
        process.umask(before);
      }
    });
    // Later errors are those of accepting a client, such as too many open files: that client asks again.
    server.on('error', () => undefined);
  }
}

/** @returns false when something else has its name */
function removeSocket(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSocket()) rmSync(path, { force: true });
  return !found || found.isSocket();
}

/**
 * Removes the socket that a killed launcher has left in a folder that is about to go.
 * @param isLaunched whether a launcher is alive in the domain; asked after the socket was looked at, so that the socket of one
 * that comes meanwhile is never taken for an old one
 */
export function removeStaleSocket(path: string, isLaunched: () => boolean): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found?.isSocket() || isLaunched()) return;
  if (lstatSync(path, { throwIfNoEntry: false })?.ino === found.ino) rmSync(path, { force: true });
}
