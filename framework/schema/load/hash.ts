import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical.js';
import type { SchemaDescriptor } from '../descriptor.js';

/** What two participants compare before they share a slot: 16 hexadecimal digits over the canonical descriptor. */
export function layoutHash(descriptor: SchemaDescriptor): string {
  return createHash('sha256').update(canonicalJson(descriptor)).digest('hex').slice(0, 16);
}
