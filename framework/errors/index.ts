export { BabusError, formatPosition, isBabusError, type SourcePosition } from './babus-error.js';
export { ERRORS, type ErrorCode } from './catalogue.js';
export { didYouMean } from './did-you-mean.js';
export { printable, printableLine } from './printable.js';
