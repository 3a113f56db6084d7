import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';

/** Servers of a test, on ports of the machine's own choice; all are closed by closeAll(). */
export class Servers {
  readonly #open: NetServer[] = [];

  /** @returns the port */
  async http(answer: RequestListener, port = 0): Promise<number> {
    return this.listen(createServer(answer), port);
  }

  /** @returns the port */
  async listen(server: NetServer | Server, port = 0): Promise<number> {
    this.#open.push(server);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  async closeAll(): Promise<void> {
    for (const server of this.#open.splice(0)) {
      const closed = once(server, 'close');
      server.close();
      (server as Partial<Server>).closeAllConnections?.();
      await closed;
    }
  }
}

/** One picture of a stream as cheap network cameras send it. */
export function jpegPart(jpeg: Uint8Array): Buffer {
  const head = `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), jpeg, Buffer.from('\r\n')]);
}

export const JPEG_STREAM = { 'Content-Type': 'multipart/x-mixed-replace; boundary=frame' };
