import type { ParamOptions } from 'babus';

/** Parameters that the nodes of IIO devices have in common. */
export const IIO = {
  mode: {
    type: 'string',
    default: 'sysfs',
    choices: ['sysfs', 'buffer'],
    description:
      "'sysfs': ask the device at a rate; 'buffer': take what it samples by itself, from its device node",
  },
  rate: {
    type: 'number',
    default: 100,
    minimum: 0.001,
    maximum: 1000,
    description: 'readings per second, in mode sysfs',
  },
  sysfs: { type: 'string', default: '/sys/bus/iio/devices', description: 'where IIO devices are listed' },
  dev: { type: 'string', default: '/dev', description: 'folder of device nodes, in mode buffer' },
  samplingHz: {
    type: 'number',
    default: 0,
    minimum: 0,
    maximum: 1e6,
    description: "Hz asked of the device in mode buffer; 0: the device's own",
  },
  trigger: { type: 'string', default: '', description: 'trigger to use in mode buffer; empty: as it is' },
} as const satisfies Record<string, ParamOptions<'string'> | ParamOptions<'number'>>;
