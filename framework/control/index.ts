export type { Answer } from './conversation.js';
export { askLauncher } from './client.js';
export {
  CONTROL_SOCKET,
  controlPath,
  controlPaths,
  joinedControlPath,
  MAX_SOCKET_PATH_BYTES,
} from './path.js';
export type {
  ControlAnswer,
  ControlRequest,
  LaunchFacts,
  LastExit,
  NodeAction,
  NodeDetails,
  NodeSummary,
  NodeTroubles,
  PortDetails,
  SlotEnds,
} from './protocol.js';
export { NODE_ACTIONS } from './protocol.js';
export { ControlServer, MAX_CLIENTS, removeStaleSocket } from './server.js';
