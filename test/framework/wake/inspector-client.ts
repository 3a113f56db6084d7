/** Asks a process for the value of 6 * 7 through its inspector: `inspector-client.js WS_URL`. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** One text frame of fewer than 126 bytes, masked as a client's must be. */
function frame(text: string): Buffer {
  const mask = randomBytes(4);
  const body = Buffer.from(text).map((byte, i) => byte ^ mask[i % 4]!);
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length]), mask, body]);
}

async function ask(url: URL): Promise<number> {
  const socket: Socket = connect(Number(url.port), url.hostname);
  const key = randomBytes(16).toString('base64');
  socket.write(
    `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  let received = '';
  let asked = false;
  for await (const chunk of socket) {
    received += String(chunk);
    if (!asked && received.includes('\r\n\r\n')) {
      asked = true;
      socket.write(frame('{"id":1,"method":"Runtime.evaluate","params":{"expression":"6*7"}}'));
    }
    const value = /"id":1,"result":\{"result":\{[^}]*"value":(\d+)/.exec(received)?.[1];
    if (value === undefined) continue;
    return Number(value);
  }
  throw new Error(`the inspector went without an answer: ${received}`);
}

process.stdout.write(`${await ask(new URL(process.argv[2]!))}\n`);
