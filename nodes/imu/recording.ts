import { parse } from 'csv-parse/sync';
import { findColumns, type Column, type Columns, type UnitParams } from './columns.js';
import { lines } from './lines.js';
import type { Oddities } from './oddities.js';
import { QUANTITIES, type Quantity, type Vector } from './sample.js';

/** Longer than any row of numbers. */
const MAX_LINE_BYTES = 65_536;
/** Lines to look at for the names of the columns. */
const MAX_LINES_BEFORE_HEADER = 1000;

/** One row of a recording, in SI units. */
export type Row = Readonly<Record<Quantity, Vector | undefined>> & {
  /** Seconds, by the recording's own clock; undefined in a recording without times. */
  readonly timeS: number | undefined;
};

/** A recording of an inertial sensor: a CSV file whose first line names the columns. */
export class Recording {
  private constructor(
    readonly file: string,
    readonly columns: Columns,
    private readonly delimiter: string,
    private readonly header: string,
  ) {}

  /** @throws Error when there is no such file, or its first line does not say what is where */
  static async open(file: string, units: UnitParams): Promise<Recording> {
    let looked = 0;
    for await (const line of lines(file, MAX_LINE_BYTES, () => undefined)) {
      if (!isContent(line)) {
        if (++looked < MAX_LINES_BEFORE_HEADER) continue;
        break;
      }
      const header = line.replace(/^\ufeff/, '');
      const delimiter = [',', ';', '\t'].find((each) => header.includes(each)) ?? ',';
      return new Recording(file, findColumns(cells(header, delimiter) ?? [], units), delimiter, line);
    }
    throw new Error('it has no line that names its columns');
  }

  /**
   * The rows, in their order, read as they are asked for.
   * @param oddities where broken rows are counted
   */
  async *rows(oddities: Oddities): AsyncGenerator<Row, void> {
    let isHeader = true;
    for await (const line of lines(this.file, MAX_LINE_BYTES, () => oddities.count('over-long rows'))) {
      if (!isContent(line)) continue;
      const isFirst = isHeader;
      isHeader = false;
      if (isFirst && line === this.header) continue;
      const row = this.#row(line);
      if (row) yield row;
      else oddities.count('broken rows');
    }
  }

  #row(line: string): Row | undefined {
    const texts = cells(line, this.delimiter);
    if (!texts) return undefined;
    const { time, quantities } = this.columns;
    const timeS = time && numberOf(texts, time);
    if (time && (timeS === undefined || Number.isNaN(timeS))) return undefined;
    const row: Record<Quantity, Vector | undefined> = {
      angularVelocity: undefined,
      linearAcceleration: undefined,
      magneticField: undefined,
    };
    for (const quantity of QUANTITIES) {
      const vector = quantities.get(quantity)?.map((column) => numberOf(texts, column));
      if (!vector || vector.every((value) => value === undefined)) continue;
      if (vector.some((value) => value === undefined || Number.isNaN(value))) return undefined;
      row[quantity] = vector as unknown as Vector;
    }
    return QUANTITIES.some((quantity) => row[quantity]) ? { timeS, ...row } : undefined;
  }
}

/** Blank lines and comments are none. */
function isContent(line: string): boolean {
  return line.trim() !== '' && !line.startsWith('#');
}

/** A line is parsed alone: a quote that is not closed spoils its own row and none after it. */
function cells(line: string, delimiter: string): string[] | undefined {
  try {
    const [row] = parse(line, { delimiter, trim: true, relax_column_count: true });
    return row;
  } catch {
    return undefined;
  }
}

/** @returns undefined where nothing was measured, NaN for what is no number */
function numberOf(texts: readonly string[], { index, factor }: Column): number | undefined {
  const text = texts[index];
  // A cut-off row ends before the column, which is not the same as an empty cell.
  if (text === undefined) return NaN;
  if (text === '' || text.toLowerCase() === 'nan') return undefined;
  const value = Number(text) * factor;
  return Number.isFinite(value) ? value : NaN;
}
