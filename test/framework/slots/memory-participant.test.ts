import { MemoryDomain, MemoryParticipant } from '../../../framework/slots/index.js';
import { conformance, type TestDomain } from './conformance.js';
import { delivery } from './delivery.js';
import { lookingBack } from './looking-back.js';
import { publishing } from './publishing.js';

function open(): TestDomain {
  const domain = new MemoryDomain();
  const joined: MemoryParticipant[] = [];
  return {
    join(name) {
      const participant = new MemoryParticipant(domain, name);
      joined.push(participant);
      return participant;
    },
    end: () => joined.forEach((participant) => participant.leave()),
  };
}

conformance('the twin in memory', open);
delivery('the twin in memory', open);
lookingBack('the twin in memory', open);
publishing('the twin in memory', open);
