import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  loadLaunch,
  type LaunchPlan,
  type LoadedLaunch,
  type LoadOptions,
} from '../../../framework/launch/index.js';
import type { NodeDescriptor } from '../../../framework/spec.js';
import { tempDir } from '../../support/index.js';
import { nodeClass, schema } from './plan/descriptors.js';

const IMAGE = schema('std/Image', ['stamp', 'data'], true);

/** `use` of a launch file, without its folder → the class that it names. */
const CLASSES: Readonly<Record<string, NodeDescriptor>> = {
  camera: nodeClass(
    'Camera',
    { '>image': IMAGE },
    {
      rate: { type: 'number', default: 30, minimum: 1 },
      source: { type: 'string', default: 'pattern' },
      count: { type: 'integer', default: 1 },
      flip: { type: 'boolean', default: false },
      tags: { type: 'string[]', default: [] },
      gains: { type: 'number[]', default: [] },
    },
  ),
  edges: nodeClass('Edges', { '<image': IMAGE, '>edges': IMAGE }),
};

/** Launch files of a test in a folder of their own. */
export class LaunchFiles {
  readonly folder = tempDir();

  /** @param files name → text; main.yaml is the one that is loaded */
  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string): void {
    const file = join(this.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  load(options: LoadOptions = {}): Promise<LoadedLaunch> {
    return loadLaunch(join(this.folder, 'main.yaml'), {
      env: {},
      describe: (requests) => Promise.resolve(requests.map(({ use }) => CLASSES[use.replace('./', '')]!)),
      ...options,
    });
  }

  async plan(options: LoadOptions = {}): Promise<LaunchPlan> {
    const loaded = await this.load(options);
    assert.deepEqual(
      loaded.errors.map(({ message }) => message),
      [],
    );
    return loaded.plan!;
  }

  /** What is wrong, with places from this folder. */
  async errors(options: LoadOptions = {}): Promise<string[]> {
    const { errors } = await this.load(options);
    return errors.map(({ message }) => message.replaceAll(`${this.folder}/`, ''));
  }
}

/** Plans main.yaml alone. */
export function planOf(text: string, options: LoadOptions = {}): Promise<LaunchPlan> {
  return new LaunchFiles({ 'main.yaml': text }).plan(options);
}

export function errorsOf(text: string, options: LoadOptions = {}): Promise<string[]> {
  return new LaunchFiles({ 'main.yaml': text }).errors(options);
}
