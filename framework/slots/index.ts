export { Dispatcher, type DispatcherObserver } from './dispatcher.js';
export { HandlerRun, HandlerRuns, isThenable, type LeftOpen } from './handler-run.js';
export type { Held } from './held.js';
export { monotonicMs, type Info, type Instant } from './info.js';
export type { Lane, LaneOptions, MessageHandler } from './lane.js';
export { MemoryDomain, MemoryParticipant } from './memory-participant.js';
export { SlotPublisher, type Publisher } from './publisher.js';
export { checkSchema, slotConfig, slotSpec, type SlotSettings } from './slot-config.js';
export { SlotSubscription, type Subscription } from './subscription.js';
