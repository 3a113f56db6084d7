import { fileURLToPath } from 'node:url';

/** The repository's top folder; this module runs compiled, three folders below it. */
export const REPO = fileURLToPath(new URL('../../../', import.meta.url));

/** The command line's entry file. */
export const CLI = fileURLToPath(new URL('../../framework/cli/main.js', import.meta.url));
