import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A broken file can make ffmpeg complain about each of its frames. */
const MAX_COMPLAINTS = 10;

export interface DecodeOptions {
  /** Absolute path. */
  readonly file: string;
  /** Pixels to scale to; 0 keeps the file's own. */
  readonly width: number;
  readonly height: number;
  /** Options for the output: its format, how many frames. */
  readonly output: readonly string[];
  /** Takes the frames; `pipe` makes `Ffmpeg.stdout`. */
  readonly stdout: 'pipe' | Writable;
}

/** One run of ffmpeg that decodes a file's video to its standard output. It does not outlive this process. */
export class Ffmpeg {
  readonly stdout: Readable | null;
  /** Settles when the process is gone, with why it failed if it did so by itself. Never rejects. */
  readonly outcome: Promise<Error | undefined>;
  /** What ffmpeg has printed, up to ten lines. */
  readonly complaints: string[] = [];
  readonly #child: ChildProcess;
  #killed = false;

  constructor(options: DecodeOptions) {
    this.#child = spawn('ffmpeg', ffmpegArguments(options), { stdio: ['ignore', options.stdout, 'pipe'] });
    this.stdout = this.#child.stdout;
    createInterface({ input: this.#child.stderr! }).on('line', (line) => {
      if (this.complaints.length < MAX_COMPLAINTS) this.complaints.push(line);
    });
    // When this process is killed, ffmpeg ends as soon as it writes to the pipe that nobody reads.
    const killNow = (): void => this.kill();
    process.once('exit', killNow);
    this.outcome = this.#end(options.file).finally(() => process.off('exit', killNow));
  }

  /** At once: ffmpeg has nothing to tidy up. */
  kill(): void {
    this.#killed = true;
    this.#child.kill('SIGKILL');
  }

  async #end(file: string): Promise<Error | undefined> {
    const problem = await new Promise<string | undefined>((resolve) => {
      this.#child.once('error', (error) => resolve(startProblem(error)));
      this.#child.once('close', (code, signal) => resolve(endProblem(code, signal)));
    });
    if (problem === undefined || this.#killed) return undefined;
    return new Error([`${file} cannot be decoded: ${problem}`, ...this.complaints].join('\n  '));
  }
}

function ffmpegArguments({ file, width, height, output }: DecodeOptions): string[] {
  return [
    ...['-nostdin', '-loglevel', 'error'],
    // A path is never taken for an option or a URL, and a playlist in a file cannot reach the network.
    ...['-protocol_whitelist', 'file', '-i', `file:${file}`],
    // Video alone. A width or height of 0 is the file's own to ffmpeg, too.
    ...['-an', '-sn', '-dn', '-vf', `scale=${width}:${height}`, '-pix_fmt', 'rgb24', ...output, 'pipe:1'],
  ];
}

function startProblem(error: Error): string {
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return missing
    ? 'ffmpeg is not installed; on Debian: apt install ffmpeg'
    : `ffmpeg does not start: ${error.message}`;
}

function endProblem(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (code === 0) return undefined;
  return signal === null ? `ffmpeg ended with code ${code}` : `ffmpeg was ended by ${signal}`;
}
