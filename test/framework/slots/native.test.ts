import { native, type NativeParticipant } from '../../../framework/native.js';
import { tempDomain } from '../../support/index.js';
import { conformance, type TestDomain } from './conformance.js';
import { delivery } from './delivery.js';
import { lookingBack } from './looking-back.js';
import { publishing } from './publishing.js';

function open(): TestDomain {
  const place = tempDomain();
  const joined: NativeParticipant[] = [];
  return {
    join(name) {
      const participant = new (native().Participant)({ ...place, name, create: true });
      joined.push(participant);
      return participant;
    },
    end() {
      for (const participant of joined) participant.leave();
      native().removeDomain(place.root, place.domain);
    },
  };
}

conformance('the core', open);
delivery('the core', open);
lookingBack('the core', open);
publishing('the core', open);
