#!/usr/bin/env node
import { handOver } from './hand-over.js';

// The rest is loaded only when it is needed: a project's own copy may take over.
if (!(await handOver())) {
  const { run } = await import('./program.js');
  await run(process.argv);
}
