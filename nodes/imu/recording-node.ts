import { Clock, inject, param } from 'babus';
import { ImuNode, type SampleSink, type SampleSource } from './imu-node.js';
import { openFile } from './open-file.js';
import { UNIT_CHOICES } from './units.js';

const IF_NONE = 'unit, where the header names none';

/** What the nodes that replay recordings have in common: their parameters. */
export abstract class RecordingNode extends ImuNode {
  /** Path of a CSV file, at least. */
  abstract readonly source: string;

  @param({
    type: 'number',
    default: 1,
    minimum: 0,
    maximum: 1000,
    description: 'times as fast as recorded; 0: as fast as it can',
  })
  readonly speed!: number;

  @param({ type: 'boolean', default: false, description: 'at the end begin again; else the node ends there' })
  readonly loop!: boolean;

  @param({
    type: 'string',
    default: 'now',
    choices: ['now', 'file'],
    description: "stamps: 'now', the file's times moved so that it begins now; or 'file', as they are there",
  })
  readonly stamps!: 'now' | 'file';

  @param({
    type: 'number',
    default: 0,
    minimum: 0,
    maximum: 1e6,
    description: 'rows per second, for files without a column of times',
  })
  readonly rowRate!: number;

  @param({ type: 'string', default: '', choices: UNIT_CHOICES.time, description: IF_NONE })
  readonly timeUnit!: string;

  @param({ type: 'string', default: '', choices: UNIT_CHOICES.angularVelocity, description: IF_NONE })
  readonly gyroscopeUnit!: string;

  @param({ type: 'string', default: '', choices: UNIT_CHOICES.linearAcceleration, description: IF_NONE })
  readonly accelerometerUnit!: string;

  @param({ type: 'string', default: '', choices: UNIT_CHOICES.magneticField, description: IF_NONE })
  readonly magnetometerUnit!: string;

  readonly #clock = inject(Clock);

  protected override open(sink: SampleSink): SampleSource | Promise<SampleSource> {
    const { source, speed, loop } = this;
    const units = {
      time: this.timeUnit,
      angularVelocity: this.gyroscopeUnit,
      linearAcceleration: this.accelerometerUnit,
      magneticField: this.magnetometerUnit,
    };
    const keepsTimes = this.stamps === 'file';
    return openFile(
      { source, units, speed, loop, rateHz: this.rowRate, keepsTimes, clock: this.#clock },
      sink,
    );
  }
}
