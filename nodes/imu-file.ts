import { node, param } from 'babus';
import { RecordingNode } from './imu/recording-node.js';

/** Publishes a recording of an inertial sensor, a CSV file, at its own pace. */
@node()
export class ImuFile extends RecordingNode {
  @param({ type: 'string', description: 'path of a CSV file whose first line names the columns' })
  readonly source!: string;
}
