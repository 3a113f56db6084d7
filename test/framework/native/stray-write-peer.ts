/** Reads slot `a/b` of a domain, and writes where it may only read: `stray-write-peer.js ROOT`. */
import { INFO, native } from '../../../framework/native.js';

const participant = new (native().Participant)({
  root: process.argv[2]!,
  domain: 'test',
  name: 'edges',
  create: false,
});
const subscription = participant.subscriptionTo('a/b');
if (!subscription.at(1)) throw new Error('message 1 is not there');
const offset = subscription.info[INFO.BUFFER]! * subscription.stride;
const bytes = new Uint8Array(subscription.chunks[0]!, offset, subscription.stride);
process.stdout.write(`read ${bytes[64]}\n`, () => {
  bytes[64] = 1;
  process.stdout.write('wrote\n');
});
