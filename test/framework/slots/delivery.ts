import type { TestDomain } from './conformance.js';
import { asynchronous, loans, noSpinning } from './delivery-async.js';
import { corrupting, failing, stopping } from './delivery-ends.js';
import { order, pins, turns } from './delivery-order.js';
import { checking, holding, notHolding } from './delivery-views.js';
import { Rig } from './rig.js';

/** How messages come to handlers, over the core or over its twin in memory. */
export function delivery(title: string, openDomain: () => TestDomain): void {
  let domain: TestDomain;
  let rig: Rig;
  describe(`${title}: delivery`, () => {
    beforeEach(() => {
      domain = openDomain();
      rig = new Rig(domain);
    });
    afterEach(() => {
      rig.dispatcher.stop();
      domain.end();
    });
    order(() => rig);
    turns(() => rig);
    pins(() => rig);
    asynchronous(() => rig);
    failing(() => rig);
    corrupting(() => rig);
    stopping(() => rig);
    loans(() => rig);
    holding(() => rig);
    notHolding(() => rig);
    checking(() => rig);
    it('does not spin while a handler is busy and messages wait', () => noSpinning(openDomain));
  });
}
