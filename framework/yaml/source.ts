import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
} from 'yaml';
import { BabusError, isBabusError, type SourcePosition } from '../errors/index.js';
import { structureProblem } from './structure.js';
import { syntaxWords } from './syntax.js';
import { readBytes } from './read-bytes.js';
import { decodeText, demandText } from './text.js';

/** Where in a document: map keys and list indexes from the root. */
export type YamlPath = readonly (string | number)[];

/** A YAML file as plain data, which still knows where each value and key stands. */
export class YamlSource {
  private constructor(
    readonly file: string,
    private readonly document: Document,
    private readonly lines: LineCounter,
    /** The document as plain JSON data; maps are plain objects without a prototype's keys. */
    readonly data: unknown,
    /** Follows every message about this file, such as ` (included from a.yaml:3:5)`. */
    private readonly note = '',
  ) {}

  /** @throws BabusError ERR_BABUS_YAML when the file is missing, too long, or not YAML. */
  static read(file: string): YamlSource {
    let text: string;
    try {
      text = decodeText(readBytes(file), file);
    } catch (error) {
      if (isBabusError(error)) throw error;
      throw new BabusError('ERR_BABUS_YAML', `${file}: ${readFailure(error)}`, undefined, { cause: error });
    }
    return YamlSource.parse(text, file);
  }

  /** @throws BabusError ERR_BABUS_YAML at the first syntax error: what follows one is mostly noise. */
  static parse(text: string, file: string): YamlSource {
    demandText(text, file);
    const lines = new LineCounter();
    const document = parseText(text, file, lines);
    const first = document.errors[0];
    if (first) throw new BabusError('ERR_BABUS_YAML', syntaxWords(first), place(lines, file, first.pos[0]));
    const strange = document.warnings[0];
    if (strange)
      throw new BabusError('ERR_BABUS_YAML', syntaxWords(strange), place(lines, file, strange.pos[0]));
    const problem = structureProblem(document);
    if (problem) throw new BabusError('ERR_BABUS_YAML', problem.message, place(lines, file, problem.offset));
    try {
      return new YamlSource(file, document, lines, document.toJS({ maxAliasCount: 100 }));
    } catch (cause) {
      throw new BabusError('ERR_BABUS_YAML', refusal(cause), { file, line: 1, column: 1 }, { cause });
    }
  }

  /** The same file with other data at the same paths, such as after substitution: positions stay those of the text. */
  withData(data: unknown): YamlSource {
    return new YamlSource(this.file, this.document, this.lines, data, this.note);
  }

  /** The same file, whose errors from now on end with `note`. */
  withNote(note: string): YamlSource {
    return new YamlSource(this.file, this.document, this.lines, this.data, note);
  }

  /**
   * Position of the value at `path`, or of its key with `{ key: true }`; of the nearest existing parent when the path does
   * not exist (a missing key is reported where its map stands).
   */
  at(path: YamlPath, options: { key?: boolean } = {}): SourcePosition {
    let node: unknown = this.document.contents;
    let offset = rangeStart(node) ?? 0;
    for (const [depth, step] of path.entries()) {
      if (isAlias(node)) node = node.resolve(this.document);
      const found = child(node, step);
      if (!found) break;
      const wantKey = options.key === true && depth === path.length - 1;
      offset = (wantKey ? found.keyStart : undefined) ?? rangeStart(found.value) ?? found.keyStart ?? offset;
      node = found.value;
    }
    return place(this.lines, this.file, offset);
  }

  /** Builds an error of `code` at the place of `path`. */
  error(
    code: ConstructorParameters<typeof BabusError>[0],
    path: YamlPath,
    message: string,
    options?: { key?: boolean },
  ): BabusError {
    return new BabusError(code, message + this.note, this.at(path, options));
  }
}

function parseText(text: string, file: string, lineCounter: LineCounter): Document {
  try {
    return parseDocument(text, { lineCounter, uniqueKeys: false, prettyErrors: false, merge: false });
  } catch (cause) {
    throw new BabusError('ERR_BABUS_YAML', refusal(cause), { file, line: 1, column: 1 }, { cause });
  }
}

/** What the library refuses by throwing: files that no person wrote. */
function refusal(cause: unknown): string {
  if (cause instanceof RangeError) return 'lists and maps are nested too deep';
  if (cause instanceof ReferenceError) return 'aliases (*name) repeat too much; write the values out';
  return (cause as Error).message;
}

function child(node: unknown, step: string | number): { keyStart?: number; value: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(
      (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
    );
    if (!pair) return undefined;
    const keyStart = rangeStart(pair.key);
    return { ...(keyStart === undefined ? {} : { keyStart }), value: pair.value };
  }
  if (isSeq(node) && typeof step === 'number' && step < node.items.length) return { value: node.items[step] };
  return undefined;
}

function rangeStart(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function place(lines: LineCounter, file: string, offset: number): SourcePosition {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

function readFailure(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EISDIR') return 'is a directory, not a file';
  if (code === 'EACCES') return 'may not be read (permission denied)';
  return (error as Error).message;
}
