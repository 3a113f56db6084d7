export { FakeTimers } from './fake-timers.js';
export { CLI, REPO } from './repo.js';
export {
  runCli,
  spawnCli,
  spawnNode,
  spawnTracked,
  type CliResult,
  type Exit,
  type SpawnOptions,
  type TestProcess,
} from './spawn.js';
export { tempDir, tempDomain } from './temp.js';
export { until, watchdog, WATCHDOG_MS } from './watchdog.js';
