import { Memory, type LoanOwner, type Schema } from '../../../../framework/schema/index.js';
import { Image, Imu } from '../../../../schemas/index.js';
import { imageData, ROW, sumOf, sumRow, type Contestant, type ImuValues } from './contestant.js';

/** What a slot does with a loan, without the slot. */
const owner: LoanOwner = {
  slot: 'bench/serializing',
  reserve: () => undefined,
  publish(memory) {
    memory.owner = undefined;
    return 1;
  },
  discard(memory) {
    memory.owner = undefined;
  },
};

function memoryOf(bytes: number): Memory {
  return new Memory(new ArrayBuffer(bytes), 0, bytes, 0, owner.slot);
}

function open<M>(memory: Memory, schema: Schema<M>, loan: { reset(): void }): void {
  memory.u8.fill(0, 0, schema.size);
  memory.owner = owner;
  memory.length = schema.size;
  loan.reset();
}

/** The loan stays open: what is timed is writing its fields, not what publishing costs, which has a suite of its own. */
export function babusContestant(withText: boolean): Contestant {
  const memory = memoryOf(4096);
  const loan = new Imu.loan(memory);
  const view = new Imu.view(memory);
  open(memory, Imu, loan as never);
  const pixels = memoryOf(ROW.step * ROW.height + 4096);
  const picture = new Image.loan(pixels);
  open(pixels, Image, picture as never);
  picture.step = ROW.step;
  picture.allocate('data', ROW.step * ROW.height).set(imageData());
  picture.publish();
  const image = new Image.view(pixels);
  return {
    writeImu(values: ImuValues) {
      loan.stamp.sec = values.sec;
      loan.stamp.nsec = values.nsec;
      if (withText) loan.frame_id = values.frameId;
      const { orientation, angular_velocity: turning, linear_acceleration: pull } = loan;
      orientation.x = values.orientation[0]!;
      orientation.y = values.orientation[1]!;
      orientation.z = values.orientation[2]!;
      orientation.w = values.orientation[3]!;
      turning.x = values.turning[0]!;
      turning.y = values.turning[1]!;
      turning.z = values.turning[2]!;
      pull.x = values.pull[0]!;
      pull.y = values.pull[1]!;
      pull.z = values.pull[2]!;
      loan.orientation_covariance.set(values.covariances[0]);
      loan.angular_velocity_covariance.set(values.covariances[1]);
      loan.linear_acceleration_covariance.set(values.covariances[2]);
    },
    readImu() {
      const { stamp, orientation, angular_velocity: turning, linear_acceleration: pull } = view;
      let sum = stamp.sec + stamp.nsec + (withText ? view.frame_id.length : 0);
      sum += orientation.x + orientation.y + orientation.z + orientation.w;
      sum += turning.x + turning.y + turning.z + pull.x + pull.y + pull.z;
      sum += sumOf(view.orientation_covariance);
      sum += sumOf(view.angular_velocity_covariance);
      return sum + sumOf(view.linear_acceleration_covariance);
    },
    readRow: () => sumRow(image.data, ROW.row * image.step),
  };
}
