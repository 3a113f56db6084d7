import { fileURLToPath } from 'node:url';
import { BabusError, ERRORS, type ErrorCode } from '../errors/index.js';
import { babusPackage } from './babus-package.js';
import { shownPath } from './compile.js';
import type { ModuleReport } from './report.js';

/** Our code, as it runs and as source maps name it. */
const OWN_FOLDERS = [`${babusPackage.folder}/dist/`, `${babusPackage.folder}/framework/`];

/** Turns what went wrong in the process that imported a module into one error. */
export function failureOf(
  report: Extract<ModuleReport, { ok: false }>,
  shown: string,
  cacheFolder: string,
): BabusError {
  const place = firstUserFrame(report.stack, cacheFolder);
  const where = place === undefined ? '' : ` (${place})`;
  if (isCode(report.code))
    return new BabusError(report.code, `${shown}: ${withoutName(report.message)}${where}`);
  return new BabusError('ERR_BABUS_NODE_MODULE', `${shown}: ${report.message}${where}`);
}

function isCode(code: string | undefined): code is ErrorCode {
  return code !== undefined && Object.hasOwn(ERRORS, code);
}

function withoutName(message: string): string {
  return message.replace(/^BabusError: /, '');
}

/** `file:line:col` of the topmost frame of a stack trace that is neither Node's, nor ours, nor the compiler's. */
function firstUserFrame(stack: string, cacheFolder: string): string | undefined {
  const skipped = [...OWN_FOLDERS, `${cacheFolder}/`];
  for (const [, location] of stack.matchAll(/^\s+at .*?((?:file:\/\/)?\/[^()\n]+:\d+:\d+)\)?$/gm)) {
    const [, file, line, column] = /^(.*):(\d+):(\d+)$/.exec(location!)!;
    const path = file!.startsWith('file://') ? fileURLToPath(file!) : file!;
    if (!skipped.some((folder) => path.startsWith(folder)) && !path.includes('/node_modules/'))
      return `${shownPath(path)}:${line}:${column}`;
  }
  return undefined;
}
