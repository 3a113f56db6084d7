import { setTimeout as sleep } from 'node:timers/promises';
import { native, type NativeParticipant, type SlotConfig } from '../../../framework/native.js';
import { summaryOf, type Schema, type View } from '../../../framework/schema/index.js';
import {
  Dispatcher,
  HandlerRuns,
  slotConfig,
  slotSpec,
  SlotSubscription,
  type Info,
  type SlotSettings,
} from '../../../framework/slots/index.js';
import { Sample, Small } from '../fixtures/schemas/index.js';
import { wakeOf } from '../mechanism.js';

const DOMAIN = 'bench';

/** `mechanism`: one of MECHANISMS. */
export function joinDomain(root: string, name: string, mechanism = 'auto'): NativeParticipant {
  const wake = wakeOf(mechanism);
  return new (native().Participant)({ root, domain: DOMAIN, name, create: true, wake });
}

/** A slot for messages of `bytes` each. */
export function sampleSlot(name: string, bytes: number, settings: SlotSettings = {}): SlotConfig {
  return slotConfig(slotSpec(`bench/${name}`, summaryOf(Sample), { maxBytes: bytes, ...settings }));
}

/** A slot for structs of 64 bytes. */
export function smallSlot(name: string, depth: number): SlotConfig {
  return slotConfig(slotSpec(`bench/${name}`, summaryOf(Small), { depth }));
}

/** Settles when a slot has so many subscribers: what is published before is not for them. */
export async function attached(root: string, slot: string, subscribers: number): Promise<void> {
  for (;;) {
    const { slots } = native().inspect(root, DOMAIN);
    const found = slots.find((one) => one.slot === `bench/${slot}`);
    if ((found?.subscribers.length ?? 0) >= subscribers) return;
    await sleep(5);
  }
}

/** Delivers a slot to `handler` as a node does. Whatever goes wrong is thrown where nothing catches it. */
export function receive<M>(
  participant: NativeParticipant,
  config: SlotConfig,
  schema: Schema<M>,
  handler: (view: View<M>, info: Info) => void,
): Dispatcher {
  const subscription = new SlotSubscription(participant.subscription(config), schema, config.pinsPerReader);
  const dispatcher = makeDispatcher(participant);
  dispatcher.add({ subscription, handler, latest: false, concurrency: 1 });
  dispatcher.start();
  return dispatcher;
}

export function makeDispatcher(participant: NativeParticipant): Dispatcher {
  return new Dispatcher(participant, new HandlerRuns(), {
    takeFailed: (_lane, error) => raise(error),
    handlerFailed: (_lane, _info, error) => raise(error),
    loansDiscarded: () => raise(new Error('a loan was left open')),
  });
}

function raise(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}
