/** A Node process that does nothing, and says so on descriptor 3. */
import { writeSync } from 'node:fs';

writeSync(3, 'x');
setInterval(() => undefined, 1_000_000);
