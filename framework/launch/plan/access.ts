import { readFileSync } from 'node:fs';
import { didYouMean } from '../../errors/index.js';
import type { SlotAccess } from '../../spec.js';
import type { LaunchFile } from '../model.js';
import type { Problems } from '../problems.js';

/** The largest group number; -1 means "leave it" to the system. */
const MAX_GID = 4_294_967_294;

/** Which slots are opened to a group: slot → group. All must name the same, because a domain's folder has only one. */
export function readAccess(file: LaunchFile, problems: Problems): Map<string, SlotAccess> {
  const opened = new Map<string, SlotAccess>();
  for (const { name, origin, settings } of file.slots) {
    if (settings.access === undefined) continue;
    const { group, mode = 'read' } = settings.access;
    const refuse = (message: string): void => problems.add(origin.problem(['access', 'group'], message));
    const gid = groupId(String(group), refuse);
    if (gid === undefined) continue;
    const [other] = opened;
    if (other && other[1].gid !== gid)
      refuse(
        `the slot '${other[0]}' is opened to the group '${other[1].group}' and this one to '${group}'; all slots of a domain ` +
          'that are open must be open to the same group',
      );
    else opened.set(name, { group: String(group), gid, mode });
  }
  return opened;
}

function groupId(group: string, refuse: (message: string) => void): number | undefined {
  if (/^\d+$/.test(group)) {
    if (Number(group) <= MAX_GID) return Number(group);
    refuse(`${group} is larger than any group's number`);
    return undefined;
  }
  const groups = knownGroups();
  const gid = groups.get(group);
  if (gid === undefined)
    refuse(
      `there is no group '${group}' in /etc/group of this machine${didYouMean(group, [...groups.keys()])}; ` +
        'a group that comes from elsewhere can be given by its number',
    );
  return gid;
}

function knownGroups(): Map<string, number> {
  const lines = readFileSync('/etc/group', 'utf8').split('\n');
  return new Map(
    lines
      .map((line) => line.split(':'))
      .filter(([name, , gid]) => name && /^\d+$/.test(gid ?? ''))
      .map(([name, , gid]) => [name!, Number(gid)]),
  );
}
