import type { Suite } from '../suite.js';
import { publishersSuite, publishSuite, recoverySuite } from './core.js';
import { garbageSuite } from './garbage.js';
import { latencySuite } from './latency.js';
import { launchSuite } from './launch.js';
import { peersSuite } from './peers.js';
import { idleSuite, startupSuite } from './process.js';
import { schemaSuite } from './schema.js';
import { sizeSuite } from './size.js';
import { fanOutSuite, loadSuite } from './stream.js';
import { throughputSuite } from './throughput.js';
import { workloadSuite } from './workload.js';

/** In the order they run. */
export const SUITES: Readonly<Record<string, Suite>> = {
  latency: latencySuite,
  load: loadSuite,
  throughput: throughputSuite,
  fanout: fanOutSuite,
  size: sizeSuite,
  workload: workloadSuite,
  peers: peersSuite,
  startup: startupSuite,
  idle: idleSuite,
  launch: launchSuite,
  garbage: garbageSuite,
  schema: schemaSuite,
  publish: publishSuite,
  publishers: publishersSuite,
  recovery: recoverySuite,
};
