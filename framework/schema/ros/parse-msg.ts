import rosmsg from '@foxglove/rosmsg';
import { BabusError, type SourcePosition } from '../../errors/index.js';

/** One field or constant of a .msg file, as the library reads it, and where it stands. */
export interface MsgLine {
  readonly at: SourcePosition;
  /** Comments above it and behind it. */
  readonly doc: string;
  readonly field: MsgField;
}

export interface MsgField {
  readonly name: string;
  readonly type: string;
  readonly isComplex?: boolean;
  readonly isArray?: boolean;
  readonly arrayLength?: number;
  readonly arrayUpperBound?: number;
  readonly upperBound?: number;
  readonly isConstant?: boolean;
  readonly value?: unknown;
  readonly valueText?: string;
  readonly defaultValue?: unknown;
}

export interface Msg {
  /** Comments at the top that belong to no field. */
  readonly doc: string;
  readonly lines: readonly MsgLine[];
}

/** Reads a definition line by line, so that errors have places. What is wrong goes to `errors`. */
export function parseMsg(text: string, file: string, errors: BabusError[]): Msg {
  const lines: MsgLine[] = [];
  let doc = '';
  let above: string[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    const at = { file, line: index + 1, column: raw.length - raw.trimStart().length + 1 };
    if (line.startsWith('#')) {
      above.push(line.replace(/^#+\s?/, '').trim());
      continue;
    }
    if (line === '') {
      // Comments before a blank line speak of the message.
      if (lines.length === 0) doc = [doc, ...above].join(' ').trim();
      above = [];
      continue;
    }
    const field = parseLine(line, at, errors);
    if (field) lines.push({ at, doc: docOf(above, line), field });
    above = [];
  }
  return { doc, lines };
}

function parseLine(line: string, at: SourcePosition, errors: BabusError[]): MsgField | undefined {
  const refuse = (message: string): undefined => {
    errors.push(new BabusError('ERR_BABUS_SCHEMA', message, at));
  };
  if (/^(=+|-+)$|^MSG:/.test(line))
    return refuse(
      'a second definition begins here; a .msg file has one, services and actions are not messages',
    );
  try {
    const [message] = rosmsg.parse(line, { ros2: true, skipTypeFixup: true });
    return (message?.definitions[0] as MsgField | undefined) ?? refuse(`'${line}' is not a field`);
  } catch (cause) {
    const why = (cause as Error).message.split('\n')[0]!;
    return refuse(`${why}; write such as 'float64[3] position'`);
  }
}

function docOf(above: readonly string[], line: string): string {
  const behind = /['"]/.test(line) ? '' : (/#\s*(.*)$/.exec(line)?.[1] ?? '');
  return [...above, behind].join(' ').replace(/\s+/g, ' ').trim();
}
