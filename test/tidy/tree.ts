import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO } from '../support/index.js';

/** A file of the repository; paths are relative to its top folder. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** Folders that hold nothing written by hand. */
const NOT_OURS = new Set(['node_modules', 'dist', 'build', 'prebuilds', '.git']);

const TEXT = /(\.(ts|js|mjs|cjs|hpp|cc|h|gyp|json|yaml|yml|md|sh|py|rs|c)|\/run)$/;

/** Every file written by hand, sorted by path. */
export function repositoryFiles(): readonly SourceText[] {
  files ??= listFiles('')
    .filter((path) => TEXT.test(path) && path !== 'package-lock.json')
    .sort()
    .map((path) => ({ path, text: readFileSync(join(REPO, path), 'utf8') }));
  return files;
}

let files: readonly SourceText[] | undefined;

function listFiles(folder: string): string[] {
  return readdirSync(join(REPO, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : listFiles(path);
    return entry.isFile() ? [path] : [];
  });
}

/** Files from path → text, to try a rule on. */
export function fixture(texts: Readonly<Record<string, string>>): SourceText[] {
  return Object.entries(texts).map(([path, text]) => ({ path, text }));
}

/** Fails with all violations at once: each names the file, the rule and the reason. */
export function assertTidy(violations: readonly string[]): void {
  if (violations.length === 0) return;
  const error = new Error(`${violations.length} against the rules:\n  ${violations.join('\n  ')}`);
  // The place in this function tells nobody anything.
  delete error.stack;
  throw error;
}

/** Line of an offset, counted from 1. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** True for files under one of the folders, or equal to one of the paths. */
export function isUnder(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}
