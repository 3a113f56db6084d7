import { BabusError } from '../../errors/index.js';

/** What a loan needs from the publisher it came from. Implemented by framework/slots. */
export interface LoanOwner {
  /** Slot's name, for messages. */
  readonly slot: string;
  /** Makes sure that the first `bytes` of the payload are backed by memory. @throws BabusError ERR_BABUS_SHM_FULL */
  reserve(memory: Memory, bytes: number): void;
  /** Publishes `memory.length` bytes and closes the loan: `memory.owner` becomes undefined. @returns the message's sequence number */
  publish(memory: Memory): number;
  /** Gives the buffer back and closes the loan in the same way. */
  discard(memory: Memory): void;
}

/** Who lets readers keep a message beyond their handler's end. Implemented by framework/slots. */
export interface MessageHolder {
  /** @param view what is to be kept; it stays as it is until release() */
  hold<V>(memory: Memory, view: V): HeldView<V>;
}

/** A view that stays as it is until it is released. Takes one of the pins that a reader of the slot has. */
export interface HeldView<V> extends Disposable {
  readonly view: V;
  /** Gives the message back; its view must not be read any more. A second call does nothing. */
  release(): void;
}

/**
 * One message's bytes, seen as every number type at once, so that reading a field is one typed-array access at a constant
 * index. Made once per buffer of a slot and used for each message that passes through it. Alignment: `byteOffset` is a
 * multiple of 64, `capacity` of 8.
 */
export class Memory {
  readonly u8: Uint8Array;
  readonly i8: Int8Array;
  readonly u16: Uint16Array;
  readonly i16: Int16Array;
  readonly u32: Uint32Array;
  readonly i32: Int32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly i64: BigInt64Array;
  readonly u64: BigUint64Array;

  /** Bytes of the message now in this memory: fixed part and tail. Readers check every span against it. */
  length = 0;
  /** Set while this memory is a loan. */
  owner: LoanOwner | undefined;
  /** Set while this memory is of a subscription. */
  holder: MessageHolder | undefined;

  constructor(
    readonly buffer: ArrayBuffer,
    /** Where the payload starts in `buffer`, in bytes. */
    readonly byteOffset: number,
    /** Bytes the payload may take. */
    readonly capacity: number,
    /** The buffer's index in its slot. */
    readonly index: number,
    /** Slot's name, for messages. */
    readonly slot: string,
  ) {
    this.u8 = new Uint8Array(buffer, byteOffset, capacity);
    this.i8 = new Int8Array(buffer, byteOffset, capacity);
    this.u16 = new Uint16Array(buffer, byteOffset, capacity >>> 1);
    this.i16 = new Int16Array(buffer, byteOffset, capacity >>> 1);
    this.u32 = new Uint32Array(buffer, byteOffset, capacity >>> 2);
    this.i32 = new Int32Array(buffer, byteOffset, capacity >>> 2);
    this.f32 = new Float32Array(buffer, byteOffset, capacity >>> 2);
    this.f64 = new Float64Array(buffer, byteOffset, capacity >>> 3);
    this.i64 = new BigInt64Array(buffer, byteOffset, capacity >>> 3);
    this.u64 = new BigUint64Array(buffer, byteOffset, capacity >>> 3);
  }

  /** The owner of an open loan. @throws BabusError ERR_BABUS_LOAN_CLOSED after publish() or discard() */
  openOwner(): LoanOwner {
    if (!this.owner)
      throw new BabusError(
        'ERR_BABUS_LOAN_CLOSED',
        `${this.slot}: this loan was already published or discarded`,
      );
    return this.owner;
  }
}
