import type { LaunchFacts, NodeSummary } from '../control/index.js';
import { BabusError } from '../errors/index.js';
import type { LaunchPlan } from '../launch/index.js';
import { native } from '../native.js';
import { askAllIn } from './ask.js';
import { isAlive } from './domain.js';

/**
 * Fits a plan into the domain it names, which lives.
 * @throws BabusError ERR_BABUS_DOMAIN_MISSING, and what keeps the plan from joining
 */
export async function joinDomain(root: string, plan: LaunchPlan): Promise<LaunchPlan> {
  const { domain } = plan;
  const { joinPlan } = await import('../launch/index.js');
  if (!isAlive(root, domain))
    throw new BabusError(
      'ERR_BABUS_DOMAIN_MISSING',
      `no domain '${domain}' is running that could be joined; start it without --join, or name another with --domain`,
    );
  const facts = await askAllIn<LaunchFacts>(root, domain, { ask: 'launch' });
  const nodes = await askAllIn<readonly NodeSummary[]>(root, domain, { ask: 'nodes' });
  const participants = native()
    .inspect(root, domain)
    .participants.filter(({ alive }) => alive);
  const names = [...nodes.flat().map(({ node }) => node), ...participants.map(({ name }) => name)];
  const { plan: joined, errors } = joinPlan(
    plan,
    facts.flatMap(({ slots }) => slots),
    names,
  );
  const [first] = errors;
  if (first) throw new BabusError(first.code, errors.map(({ message }) => message).join('\n'));
  return joined;
}
