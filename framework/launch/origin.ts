import { dirname } from 'node:path';
import { valueAt } from '../yaml/json-pointer.js';
import { pathName, type YamlPath, type YamlSource } from '../yaml/index.js';
import type { BabusError, ErrorCode, SourcePosition } from '../errors/index.js';

/**
 * Where a part of a launch stands: a node, a slot. It gives places and names for messages, and knows how a value was written.
 * Steps are keys below the part, such as `['restart', 'delay']`; none means the part itself.
 */
export class Origin {
  /**
   * @param source with substitutions filled in
   * @param path of the part in its file
   * @param texts places of the file, as `pathKey()`, whose text may be read as a number or boolean where one is wanted
   * @param fallbacks parts that give what this one does not say, such as defaults of a group; the nearest first
   */
  constructor(
    readonly source: YamlSource,
    readonly path: YamlPath,
    private readonly texts: ReadonlySet<string>,
    private readonly fallbacks: readonly Origin[] = [],
  ) {}

  /** An error of `code` at the place of a value, or of its key. */
  error(code: ErrorCode, steps: YamlPath, message: string, options?: { key?: boolean }): BabusError {
    const { source, path } = this.#holderOf(steps);
    return source.error(code, path, message, options);
  }

  /** What is wrong with a value of a launch file: `nodes.camera.cwd: there is no folder /tmp/x`. */
  problem(steps: YamlPath, text: string): BabusError {
    return this.error('ERR_BABUS_LAUNCH_FILE', steps, `${this.nameOf(steps)}: ${text}`);
  }

  at(steps: YamlPath, options?: { key?: boolean }): SourcePosition {
    const { source, path } = this.#holderOf(steps);
    return source.at(path, options);
  }

  /** The file that gives a value, and where in it. */
  placeOf(steps: YamlPath): { readonly source: YamlSource; readonly path: YamlPath } {
    return this.#holderOf(steps);
  }

  /** A value's name in messages: `nodes.camera.restart.delay`. */
  nameOf(steps: YamlPath): string {
    return pathName(this.#holderOf(steps).path);
  }

  /** The launch file that gives a value. */
  fileOf(steps: YamlPath): string {
    return this.#holderOf(steps).source.file;
  }

  /** What relative paths of a value start from. */
  folderOf(steps: YamlPath): string {
    return dirname(this.fileOf(steps));
  }

  /** True for text that may be read as a number or boolean. */
  isText(steps: YamlPath): boolean {
    const { origin, path } = this.#holderOf(steps);
    return origin.texts.has(pathKey(path));
  }

  /** True when the part, or a fallback, gives such a value. */
  has(steps: YamlPath): boolean {
    const { source, path } = this.#holderOf(steps);
    return valueAt(source.data, path) !== undefined;
  }

  /** The same part, with others that give what it does not say. */
  over(fallbacks: readonly Origin[]): Origin {
    return new Origin(this.source, this.path, this.texts, [...this.fallbacks, ...fallbacks]);
  }

  /** A part of this one. */
  below(...steps: YamlPath): Origin {
    const { origin, path } = this.#holderOf(steps);
    return new Origin(origin.source, path, origin.texts);
  }

  /** The part that gives a value; this one when none does, so that a message about what is missing stands here. */
  #holderOf(steps: YamlPath): { origin: Origin; source: YamlSource; path: YamlPath } {
    const holder = [this, ...this.fallbacks].find(
      (origin) => valueAt(origin.source.data, [...origin.path, ...steps]) !== undefined,
    );
    const origin = holder ?? this;
    return { origin, source: origin.source, path: [...origin.path, ...steps] };
  }
}

/** A path as a text that can be looked up. */
export function pathKey(path: YamlPath): string {
  return JSON.stringify(path);
}
