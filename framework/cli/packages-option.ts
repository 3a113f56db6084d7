import { existsSync, statSync } from 'node:fs';
import { BabusError } from '../errors/index.js';

/** Collects `--package name=folder`. @throws BabusError ERR_BABUS_ARGUMENT */
export function addPackage(text: string, packages: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at <= 0 || at === text.length - 1)
    throw new BabusError(
      'ERR_BABUS_ARGUMENT',
      `--package ${text}: must be name=folder, such as my_robot=../robot/schemas`,
    );
  return { ...packages, [text.slice(0, at)]: text.slice(at + 1) };
}

/** @throws BabusError ERR_BABUS_ARGUMENT */
export function demandFolder(folder: string): void {
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  throw new BabusError(
    'ERR_BABUS_ARGUMENT',
    `${folder}: no such folder; name the one that holds your schema files`,
  );
}
