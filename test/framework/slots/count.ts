import {
  defineSchema,
  StructLoan,
  StructView,
  type Memory,
  type Message,
  type SchemaDescriptor,
} from '../../../framework/schema/index.js';

/** A message of one number, written by hand as babus gen would: tests of slots need no more. */
export interface Count extends Message<'test/Count', CountView, CountLoan> {
  value: number;
}

const LAYOUT: SchemaDescriptor = {
  name: 'test/Count',
  size: 8,
  align: 8,
  fields: [{ name: 'value', offset: 0, type: { kind: 'scalar', type: 'float64' } }],
  structs: [],
};

class CountView extends StructView<Count> {
  constructor(memory: Memory, offset = 0) {
    super(LAYOUT, memory, offset, 0);
  }
  get value(): number {
    return this._m.f64[0]!;
  }
  clone(): Count {
    return { value: this.value };
  }
}

class CountLoan extends StructLoan<Count> {
  constructor(memory: Memory, offset = 0) {
    super(LAYOUT, memory, offset, 0);
  }
  get value(): number {
    return this._m.f64[0]!;
  }
  set value(value: number) {
    if (typeof value !== 'number') throw new TypeError(`value wants a number, given ${String(value)}`);
    this._m.f64[0] = value;
  }
  clone(): Count {
    return { value: this.value };
  }
}

export const Count = defineSchema<Count>({
  descriptor: LAYOUT,
  hash: '00000000c0000001',
  view: CountView,
  loan: CountLoan,
});
