import { history, messages, publishers } from './conformance-messages.js';
import { attaching, quotas } from './conformance-quotas.js';
import { resting, waiting } from './conformance-waiter.js';
import type { TestDomain } from './raw.js';

export type { TestDomain } from './raw.js';

/** What every participant has to do, be it the core or its twin in memory. */
export function conformance(title: string, open: () => TestDomain): void {
  describe(`${title}: messages`, () => messages(open));
  describe(`${title}: history`, () => history(open));
  describe(`${title}: publishers`, () => publishers(open));
  describe(`${title}: quotas`, () => quotas(open));
  describe(`${title}: attaching`, () => attaching(open));
  describe(`${title}: waiter`, () => {
    waiting(open);
    resting(open);
  });
}
