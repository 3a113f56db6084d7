export { chooseRuns, runsOf, type ChosenRun } from './choose-runs.js';
export { LogReader, type LogSource } from './log-reader.js';
export {
  isRunning,
  LATEST,
  listRunDomains,
  listRuns,
  pruneRuns,
  readRun,
  RunFolder,
  type RunFacts,
} from './run-folder.js';
export { LAUNCHER_LOG, logFile, parseSaid, RunLogs, saidText, type Said } from './run-logs.js';
export { rotatedPath, RotatingFile, type Rotation } from './rotating-file.js';
export { stateFolder } from './state-folder.js';
