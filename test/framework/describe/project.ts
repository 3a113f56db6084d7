import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Cache, describeNodes, type DescribeOptions } from '../../../framework/describe/index.js';
import { isBabusError } from '../../../framework/errors/index.js';
import type { NodeDescriptor } from '../../../framework/spec.js';
import { tempDir } from '../../support/index.js';

/** A folder of sources as a user may have, with no node_modules, and a cache of its own. */
export class Project {
  readonly folder = tempDir();
  readonly cache = new Cache(join(this.folder, '.cache'));
  /** Each module of these tests that is imported says so by a line here. */
  readonly imports = join(this.folder, 'imports.log');

  constructor(files: Readonly<Record<string, string>> = {}) {
    mkdirSync(this.cache.folder);
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  /** How many times modules of `countingNode` were imported. */
  get importCount(): number {
    return existsSync(this.imports) ? readFileSync(this.imports, 'utf8').length : 0;
  }

  /** Compiled files in the cache. */
  get compiled(): string[] {
    return readdirSync(this.cache.folder).filter((name) => name.endsWith('.mjs'));
  }

  /** Describes as from a launch file at the project's top. */
  async describe(use: string, options: DescribeOptions = {}): Promise<NodeDescriptor> {
    const [result] = await describeNodes([{ use, fromFile: this.path('launch.yaml') }], {
      cache: this.cache,
      ...options,
    });
    if (isBabusError(result)) throw result;
    return result!;
  }

  /** What describing fails with, paths relative to the project. */
  async failure(use: string, options: DescribeOptions = {}): Promise<string> {
    try {
      await this.describe(use, options);
    } catch (error) {
      return `${(error as { code: string }).code} ${(error as Error).message.replaceAll(`${this.folder}/`, '')}`;
    }
    throw new Error(`${use} was described`);
  }

  /** A node module that leaves a mark when it is imported. */
  countingNode(className: string, more = ''): string {
    return `
import { appendFileSync } from 'node:fs';
import { Node, node } from 'babus';
${more}
appendFileSync(${JSON.stringify(this.imports)}, '.');
@node() export class ${className} extends Node {}
`;
  }
}
