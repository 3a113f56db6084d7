import { param } from 'babus';
import type { IioOptions } from './open-iio.js';
import type { ImuNode } from './imu-node.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the only arguments that the compiler lets a mixin have
type Class<Instance> = abstract new (...args: any[]) => Instance;
/** What the parameters say; which device it is says each node in its own way. */
type IioParams = Omit<IioOptions, 'device' | 'clock'>;

/** Adds to a class of nodes the parameters that those of IIO devices have in common. */
export function withIioParams<Base extends Class<ImuNode>>(
  base: Base,
): Base & Class<{ readonly iioParams: IioParams }> {
  abstract class IioNode extends base {
    @param({
      type: 'string',
      default: 'sysfs',
      choices: ['sysfs', 'buffer'],
      description:
        "'sysfs': ask the device at a rate; 'buffer': take what it samples by itself, from its device node",
    })
    readonly mode!: 'sysfs' | 'buffer';

    @param({
      type: 'number',
      default: 100,
      minimum: 0.001,
      maximum: 1000,
      description: 'readings per second, in mode sysfs',
    })
    readonly rate!: number;

    @param({ type: 'string', default: '/sys/bus/iio/devices', description: 'where IIO devices are listed' })
    readonly sysfs!: string;

    @param({ type: 'string', default: '/dev', description: 'folder of device nodes, in mode buffer' })
    readonly dev!: string;

    @param({
      type: 'number',
      default: 0,
      minimum: 0,
      maximum: 1e6,
      description: "Hz asked of the device in mode buffer; 0: the device's own",
    })
    readonly samplingHz!: number;

    @param({
      type: 'string',
      default: '',
      description: 'trigger to use in mode buffer; empty: as it is',
    })
    readonly trigger!: string;

    get iioParams(): IioParams {
      const { mode, rate: rateHz, sysfs, dev, samplingHz, trigger } = this;
      return { mode, rateHz, sysfs, dev, samplingHz, trigger };
    }
  }
  return IioNode;
}
