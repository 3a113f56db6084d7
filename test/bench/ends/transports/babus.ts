import { native } from '../../../../framework/native.js';
import { joinDomain, receive, sampleSlot } from '../babus.js';
import { SlotPublisher } from '../../../../framework/slots/index.js';
import { Sample } from '../../fixtures/schemas/index.js';
import type { Link, OnMessage, Transport } from './transport.js';

/** Each message is loaned and published as it is: the payload is not rewritten. */
export function openBabus(link: Link, onMessage: OnMessage): Transport {
  const { role, bytes } = link;
  native().dieWithParent();
  const participant = joinDomain(link.root, role, link.mechanism);
  const config = (slot: string) => sampleSlot(slot, bytes);
  const publisher = new SlotPublisher(participant.publisher(config(role)), Sample);
  receive(participant, config(role === 'ping' ? 'echo' : 'ping'), Sample, onMessage);
  const length = bytes - Sample.size;
  return {
    send: () => {
      const sample = publisher.loan();
      sample.allocate('data', length);
      sample.publish();
    },
  };
}
