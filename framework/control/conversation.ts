import type { Socket } from 'node:net';
import { isBabusError } from '../errors/index.js';
import { NODE_ACTIONS, type ControlRequest, type NodeAction } from './protocol.js';

/** A request is a line of a hundred bytes or so. */
export const MAX_REQUEST_CHARS = 64 * 1024;
/** A connection that nothing happens on for so long is closed. */
const IDLE_MS = 10_000;

/** Answers a request. @throws Error what the asker is told */
export type Answer = (request: ControlRequest) => unknown;

/**
 * One connection of a control socket: takes lines, answers one a turn of the event loop, and reads on only when the answers
 * before were taken. So no client can keep the launcher busy or make it hold more than a line and an answer or two.
 */
export class Conversation {
  readonly #socket: Socket;
  readonly #answer: Answer;
  #partial = '';
  readonly #lines: string[] = [];
  #turn: NodeJS.Immediate | undefined;
  #over = false;

  constructor(socket: Socket, answer: Answer) {
    this.#socket = socket;
    this.#answer = answer;
    socket.setEncoding('utf8');
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on('data', (text: string) => this.#take(text));
    socket.on('end', () => this.#end());
    socket.on('drain', () => this.#next());
    // A client that goes away is no trouble of the launcher's; 'close' follows.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => clearImmediate(this.#turn));
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    if (this.#over) return;
    const pieces = (this.#partial + text).split('\n');
    this.#partial = pieces.pop()!;
    if (this.#partial.length > MAX_REQUEST_CHARS) {
      this.#over = true;
      this.#partial = '';
      pieces.push(''); // Answered as what it is: no request.
    }
    this.#lines.push(...pieces);
    if (this.#lines.length > 0) this.#socket.pause();
    this.#next();
  }

  #end(): void {
    this.#over = true;
    if (this.#partial !== '') this.#lines.push(this.#partial);
    this.#partial = '';
    this.#next();
  }

  #next(): void {
    if (this.#turn || this.#socket.writableNeedDrain || this.#socket.destroyed) return;
    if (this.#lines.length === 0) {
      if (this.#over) this.#socket.end(() => this.#socket.destroy());
      else this.#socket.resume();
      return;
    }
    this.#turn = setImmediate(() => {
      this.#turn = undefined;
      this.#socket.write(`${JSON.stringify(this.#answerTo(this.#lines.shift()!))}\n`);
      this.#next();
    });
  }

  #answerTo(line: string): object {
    const request = parseRequest(line);
    if (typeof request === 'string') return { error: { code: 'ERR_BABUS_ARGUMENT', message: request } };
    const id = request.id === undefined ? {} : { id: request.id };
    try {
      return { ...id, ok: this.#answer(request) };
    } catch (error) {
      const code = isBabusError(error) ? error.code : 'ERR_BABUS_LAUNCHER';
      return { ...id, error: { code, message: error instanceof Error ? error.message : String(error) } };
    }
  }
}

/** @returns what is wrong with it, when something is */
function parseRequest(line: string): ControlRequest | string {
  let given: unknown;
  try {
    given = JSON.parse(line);
  } catch {
    given = undefined; // Said below, as for everything that is no request.
  }
  const { id, ask, node, slot, action, force = false } = (given ?? {}) as Record<string, unknown>;
  const known = id === undefined || typeof id === 'number' || (typeof id === 'string' && id.length <= 64);
  if (known) {
    const named = id === undefined ? {} : { id };
    if (ask === 'nodes' || ask === 'launch') return { ...named, ask };
    if (ask === 'stop-launch' && typeof force === 'boolean') return { ...named, ask, force };
    if (ask === 'node' && typeof node === 'string') return { ...named, ask, node };
    if (ask === 'control' && typeof node === 'string' && NODE_ACTIONS.includes(action as NodeAction))
      return { ...named, ask, node, action: action as NodeAction };
    if (ask === 'slot' && typeof slot === 'string') return { ...named, ask, slot };
  }
  return (
    `a request is a line of JSON, at most ${MAX_REQUEST_CHARS} characters: {"ask":"nodes"}, {"ask":"node","node":"NAME"}, ` +
    '{"ask":"slot","slot":"NAME"}, {"ask":"control","node":"NAME","action":"start"} (or stop, restart), {"ask":"launch"} or {"ask":"stop-launch"}, with an "id" (a number or a short text) if you like'
  );
}
