import { MessageInfo } from '../../../framework/slots/info.js';
import type { DeliveryTarget } from '../../../framework/slots/subscription.js';

/** Where a test lets a subscription put the message it takes. */
export class DeliveryProbe implements DeliveryTarget {
  view: unknown;
  pin = 0;
  buffer = 0;
  checked: undefined;
  shared: undefined;
  readonly info: MessageInfo;

  constructor(slot: string) {
    this.info = new MessageInfo(slot);
  }
}
