import type { Writable } from 'node:stream';
import pc from 'picocolors';

export type OutputStream = 'stdout' | 'stderr';

/** Where the lines that nodes print go. */
export interface OutputSink {
  /** @returns false when no more should be written until `onDrain` calls back */
  lines(node: string, stream: OutputStream, lines: readonly string[]): boolean;
  /** Calls back once, when there is room again. */
  onDrain(callback: () => void): void;
}

/** Lines onto a stream, with back-pressure. */
abstract class StreamSink implements OutputSink {
  readonly #waiting = new Set<() => void>();
  #broken = false;

  constructor(protected readonly out: Writable) {
    out.on('drain', () => this.#release());
    // A stream that nobody reads any more takes everything: nodes must not wait for it.
    for (const event of ['error', 'close'])
      out.on(event, () => {
        this.#broken = true;
        this.#release();
      });
  }

  abstract lines(node: string, stream: OutputStream, lines: readonly string[]): boolean;

  onDrain(callback: () => void): void {
    this.#waiting.add(callback);
  }

  protected write(text: string): boolean {
    return this.#broken || this.out.write(text);
  }

  #release(): void {
    const callbacks = [...this.#waiting];
    this.#waiting.clear();
    for (const callback of callbacks) callback();
  }
}

/** For people: each line behind its node's name, in a colour of the node's own. */
export class PrefixedOutput extends StreamSink {
  readonly #prefixes: ReadonlyMap<string, string>;
  readonly #launcher: string;

  constructor(out: Writable, nodes: readonly string[], colours: boolean) {
    super(out);
    const paint = pc.createColors(colours);
    const palette = [
      paint.cyan,
      paint.yellow,
      paint.green,
      paint.magenta,
      paint.blue,
      paint.cyanBright,
      paint.yellowBright,
      paint.greenBright,
      paint.magentaBright,
      paint.blueBright,
    ];
    const width = Math.max(LAUNCHER.length, ...nodes.map((name) => name.length));
    this.#launcher = paint.dim(`${LAUNCHER.padEnd(width)} |`);
    this.#prefixes = new Map(
      nodes.map((name, index) => [name, palette[index % palette.length]!(`${name.padEnd(width)} |`)]),
    );
  }

  lines(node: string, _stream: OutputStream, lines: readonly string[]): boolean {
    const prefix = this.#prefixes.get(node) ?? node;
    return this.write(lines.map((line) => `${prefix} ${line}\n`).join(''));
  }

  /** Lines of the launcher's own. */
  note(text: string): void {
    this.write(
      text
        .split('\n')
        .map((line) => `${this.#launcher} ${line}\n`)
        .join(''),
    );
  }
}

const LAUNCHER = 'babus';

/** For programs: one JSON object a line, `{event, node, ...}`. */
export class JsonOutput extends StreamSink {
  lines(node: string, stream: OutputStream, lines: readonly string[]): boolean {
    return this.write(
      lines.map((text) => `${JSON.stringify({ event: 'output', node, stream, text })}\n`).join(''),
    );
  }

  event(event: object): void {
    this.write(`${JSON.stringify(event)}\n`);
  }
}

/** Whether to colour: on a terminal or with FORCE_COLOR, never with NO_COLOR. */
export function wantsColours(out: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (isSet(env['NO_COLOR'])) return false;
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false';
  return out.isTTY === true && env['TERM'] !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
