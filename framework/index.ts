/// <reference lib="esnext.disposable" preserve="true" />
/** The public API: what nodes are written with. */
export { BabusError, ERRORS, isBabusError, type ErrorCode, type SourcePosition } from './errors/index.js';
export {
  every,
  input,
  node,
  param,
  publishes,
  subscribes,
  type FieldDecorator,
  type InputOptions,
  type MethodDecorator,
  type ParamOptions,
  type PortOptions,
  type SubscribeOptions,
  type TimerOptions,
} from './node/decorators.js';
export { inject, type ParameterInjection } from './node/inject.js';
export { Logger, type LogLevel, type LogMethod, type LogRecord } from './node/log.js';
export { Node } from './node/node.js';
export { testNode, type Received, type TestNode, type TestNodeOptions } from './node/test-node.js';
export { Clock, NodeInfo, type InjectionToken, type Token } from './node/tokens.js';
export type { Duration, HeldView, Loan, Schema, Time, View } from './schema/index.js';
export type {
  Held,
  History,
  HistoryRange,
  Info,
  Instant,
  Moment,
  PastMessages,
  Publisher,
  Subscription,
} from './slots/index.js';
export type { ParamSpec, ParamValue } from './spec.js';
