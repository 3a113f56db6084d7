import { Clock, every, inject, isBabusError, Node, node, param, publishes, type Publisher } from 'babus';
import { NavSatFix, TwistStamped } from 'babus/schemas';
import { keepTrying, type Link } from './common/reconnect.js';
import { stampOf, wallNs } from './common/stamp.js';
import { fixFields, velocity } from './gps/fix.js';
import { ReceiverState, type Solution } from './gps/receiver.js';
import { replay } from './gps/replay.js';
import { Report } from './gps/report.js';
import { readSerial, type Connection } from './gps/serial.js';
import { findSource, type Source } from './gps/source.js';
import { readTcp } from './gps/tcp.js';

/** Publishes where a satellite navigation receiver is, and how fast, from its NMEA 0183 sentences. */
@node()
export class Gps extends Node {
  @param({
    type: 'string',
    default: '/dev/ttyUSB0',
    description:
      'the path of a serial device, tcp://host:port (raw NMEA, or gpsd), or the path of a recording',
  })
  readonly source!: string;

  @param({
    type: 'integer',
    default: 9600,
    minimum: 4800,
    maximum: 4_000_000,
    description: 'bits per second of a serial device',
  })
  readonly baudRate!: number;

  @param({
    type: 'number',
    default: 1,
    minimum: 0,
    maximum: 1000,
    description: 'times as fast as a recording was made; 0: as fast as it can be read',
  })
  readonly speed!: number;

  @param({ type: 'boolean', default: false, description: 'at the end of a recording begin again; else end' })
  readonly loop!: boolean;

  @param({ type: 'string', default: 'gps', description: 'coordinate frame of the antenna' })
  readonly frameId!: string;

  @publishes(NavSatFix) readonly fix!: Publisher<NavSatFix>;
  /** Over ground, m/s: x to the east, y to the north; z and the turning speed are not measured and 0. */
  @publishes(TwistStamped) readonly velocity!: Publisher<TwistStamped>;

  readonly #clock = inject(Clock);
  readonly #stopping = new AbortController();
  readonly #report = new Report(this.log);
  #running: Promise<void> | undefined;

  override async onStart(): Promise<void> {
    const source = await findSource(this.source);
    this.#running = this.#run(source).catch((error: unknown) => this.finish(error));
  }

  override async onStop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    if (this.#running) this.#report.total();
  }

  @every('5s') report(): void {
    this.#report.now();
  }

  async #run(source: Source): Promise<void> {
    if (source.kind === 'file') return this.#replay(source.path);
    const { log } = this;
    const session = async (signal: AbortSignal, link: Link): Promise<void> => {
      const connected = (): void => {
        this.#report.isConnected = true;
        link.connected();
      };
      const listener = this.#receiver(() => link.delivered());
      try {
        await this.#connect(source, { listener, signal, connected });
      } finally {
        this.#report.isConnected = false;
      }
    };
    await keepTrying({ session, log, what: `GPS receiver ${this.source}`, signal: this.#stopping.signal });
  }

  #connect(source: Exclude<Source, { kind: 'file' }>, connection: Connection): Promise<void> {
    if (source.kind === 'tcp') return readTcp(source.host, source.port, connection);
    return readSerial(source.path, this.baudRate, connection);
  }

  async #replay(path: string): Promise<void> {
    const { speed, loop } = this;
    const clock = this.#clock;
    const { signal } = this.#stopping;
    this.log.info(`${path}: recording, ${speed === 0 ? 'as fast as can be' : `speed ${speed}`}`);
    try {
      await replay({ path, speed, loop, clock, signal }, () => this.#receiver());
    } catch (error) {
      if (isBabusError(error)) throw error;
      throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
    }
    if (!signal.aborted) this.finish();
  }

  /** @param heard called for each sentence that can be read */
  #receiver(heard?: () => void): ReceiverState {
    return new ReceiverState(this.#report, (solution) => this.#publish(solution), heard);
  }

  #publish({ stamp: ns, position, service, motion, accuracy }: Solution): void {
    const frame_id = this.frameId;
    const stamp = stampOf(ns ?? wallNs(this.#clock));
    if (position) {
      const fix = this.fix.loan();
      fix.set({ stamp, frame_id, service, ...fixFields(position, accuracy) });
      fix.publish();
    }
    const linear = motion && velocity(motion);
    if (!linear) return;
    const out = this.velocity.loan();
    out.set({ stamp, frame_id, twist: { linear: { ...linear, z: 0 }, angular: { x: 0, y: 0, z: 0 } } });
    out.publish();
  }
}
