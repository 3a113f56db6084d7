export { echoSlot, type EchoedMessage } from './echo.js';
export type { FollowEnd } from './follow.js';
export { reportRate } from './hz.js';
export type { RateReport } from './interval-stats.js';
export { formatMessage } from './message-text.js';
export { formatTable } from './table.js';
export { Top } from './top.js';
export { formatBytes, formatBytesPerS, formatCount, formatHz } from './units.js';
