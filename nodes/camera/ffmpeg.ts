import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';

/** A broken file can make ffmpeg complain about each of its frames. */
const MAX_COMPLAINTS = 10;

export interface DecodeOptions {
  /** What errors call it. */
  readonly name: string;
  /** Options that say what to read, and what may be opened for it. */
  readonly input: readonly string[];
  /** Pixels to scale to; 0 keeps the source's own. */
  readonly width: number;
  readonly height: number;
  /** Options for the output: its format, how many frames. */
  readonly output: readonly string[];
  /** Takes the frames; `pipe` makes `Ffmpeg.stdout`. */
  readonly stdout: 'pipe' | Writable;
  /** Takes out of a line that ffmpeg prints what should not be told. */
  readonly clean?: (line: string) => string;
}

/** One run of ffmpeg that decodes a video to its standard output. It does not outlive this process. */
export class Ffmpeg {
  readonly stdout: Readable | null;
  /** Settles when the process is gone, with why it failed if it did so by itself. Never rejects. */
  readonly outcome: Promise<Error | undefined>;
  /** What ffmpeg has printed, up to ten lines. */
  readonly complaints: string[] = [];
  readonly #child: ChildProcess;
  #killed = false;

  constructor(options: DecodeOptions) {
    const { clean = (line: string): string => line } = options;
    this.#child = spawn('ffmpeg', ffmpegArguments(options), { stdio: ['ignore', options.stdout, 'pipe'] });
    this.stdout = this.#child.stdout;
    createInterface({ input: this.#child.stderr! }).on('line', (line) => {
      if (this.complaints.length < MAX_COMPLAINTS) this.complaints.push(clean(line));
    });
    // When this process is killed, ffmpeg ends as soon as it writes to the pipe that nobody reads.
    const killNow = (): void => this.kill();
    process.once('exit', killNow);
    this.outcome = this.#end(options.name).finally(() => process.off('exit', killNow));
  }

  /** At once: ffmpeg has nothing to tidy up. */
  kill(): void {
    this.#killed = true;
    this.#child.kill('SIGKILL');
  }

  async #end(name: string): Promise<Error | undefined> {
    const problem = await new Promise<string | undefined>((resolve) => {
      this.#child.once('error', (error) => resolve(startProblem(error)));
      this.#child.once('close', (code, signal) => resolve(endProblem(code, signal)));
    });
    if (problem === undefined || this.#killed) return undefined;
    return new Error([`${name} cannot be decoded: ${problem}`, ...this.complaints].join('\n  '));
  }
}

function ffmpegArguments({ input, width, height, output }: DecodeOptions): string[] {
  return [
    ...['-nostdin', '-loglevel', 'error'],
    ...input,
    // Video alone. A width or height of 0 is the source's own to ffmpeg, too.
    ...['-an', '-sn', '-dn', '-vf', `scale=${width}:${height}`, '-pix_fmt', 'rgb24', ...output, 'pipe:1'],
  ];
}

/**
 * Whether the installed ffmpeg has the option -fps_mode; it came with 5.1 and later takes the place of -vsync.
 * @throws Error in words when there is no ffmpeg
 */
export async function takesFpsMode(): Promise<boolean> {
  const { stdout } = await promisify(execFile)('ffmpeg', ['-version']).catch((error: Error) => {
    throw new Error(startProblem(error));
  });
  const [, major, minor] = /^ffmpeg version n?(\d+)\.(\d+)/.exec(stdout) ?? [];
  // Those without such a number are made of the newest source.
  return major === undefined || Number(major) > 5 || (Number(major) === 5 && Number(minor) >= 1);
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
