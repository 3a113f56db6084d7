import type { BabusError, SourcePosition } from '../errors/index.js';
import { validateYaml, type YamlPath, type YamlSource } from '../yaml/index.js';
import { bindingsOf, resolveArguments, type GivenArgument, type LaunchArgument } from './arguments.js';
import { fillFile, type FilledFile } from './fill.js';
import { launchValidator } from './json-schema.js';
import { Origin, pathKey } from './origin.js';
import { parseLaunch } from './parse.js';
import { includedFrom, type Problems } from './problems.js';
import { readTexts } from './read-texts.js';
import { Scope } from './scope.js';

/** A launch file with its arguments' values, checked for itself. */
export interface OpenFile {
  /** With substitutions filled in, and without what is left out. */
  readonly source: YamlSource;
  /** With all that stands in the file. */
  readonly whole: YamlSource;
  readonly leftOut: FilledFile['leftOut'];
  /** @param path of a part of the file */
  origin(path: YamlPath): Origin;
}

export interface ReadFile {
  /** As far as they could be read. */
  readonly args: readonly LaunchArgument[];
  /** Undefined when something is wrong in the file. */
  readonly open?: OpenFile;
}

/** Reads launch files: parses each once, and fills it in for each set of arguments. */
export class FileReader {
  readonly #parsed = new Map<string, YamlSource>();

  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly problems: Problems,
  ) {}

  /**
   * @param places where the includes stand that lead to the file, the nearest first
   * @param refuse an error about arguments that have no value; without it they are one where they are used
   * @throws BabusError ERR_BABUS_YAML when the file is missing or no YAML
   */
  read(
    file: string,
    given: ReadonlyMap<string, GivenArgument>,
    places: readonly SourcePosition[] = [],
    refuse?: (missing: readonly string[]) => BabusError,
  ): ReadFile {
    const { problems, env } = this;
    const before = problems.added;
    const isRight = (): boolean => problems.added === before;
    const whole = this.#parse(file, includedFrom(places));
    if (!isRight()) return { args: [] };
    const args = resolveArguments(whole, given, env, problems);
    const missing = args.filter(({ value }) => value === undefined).map(({ name }) => name);
    if (isRight() && refuse && missing.length > 0) problems.add(refuse(missing));
    if (!isRight()) return { args };
    const filled = fillFile(whole, new Scope(file, env, bindingsOf(args, given)), problems);
    if (!isRight()) return { args };
    const source = readTexts(filled.source, filled.texts, launchValidator());
    problems.add(...validateYaml(source, launchValidator(), 'ERR_BABUS_LAUNCH_FILE'));
    if (!isRight()) return { args };
    const texts = new Set(filled.texts.map(pathKey));
    const origin = (path: YamlPath): Origin => new Origin(source, path, texts);
    return { args, open: { source, whole, leftOut: filled.leftOut, origin } };
  }

  #parse(file: string, note: string): YamlSource {
    const known = this.#parsed.get(file);
    if (known) return known.withNote(note);
    const before = this.problems.added;
    const source = parseLaunch(file, note, this.problems);
    // A file with errors is read again, so that it has errors again.
    if (this.problems.added === before) this.#parsed.set(file, source);
    return source;
  }
}
