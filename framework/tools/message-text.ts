/** A message as indented text, a line for each field, in the shape of YAML. */
export function formatMessage(message: Record<string, unknown>): string {
  return linesOf(message, '').map(printable).join('\n');
}

function linesOf(value: Record<string, unknown>, indent: string): string[] {
  return Object.entries(value).flatMap(([name, field]) => fieldLines(name, field, indent));
}

function fieldLines(name: string, value: unknown, indent: string): string[] {
  if (isTime(value)) return [`${indent}${name}: ${value.sec}.${String(value.nsec).padStart(9, '0')}`];
  if (isRecord(value)) return [`${indent}${name}:`, ...linesOf(value, `${indent}  `)];
  if (Array.isArray(value) && value.some(isRecord)) {
    return [`${indent}${name}:`, ...value.flatMap((item) => itemLines(item, `${indent}  `))];
  }
  return [`${indent}${name}: ${Array.isArray(value) ? `[${value.map(inline).join(', ')}]` : inline(value)}`];
}

function itemLines(item: unknown, indent: string): string[] {
  if (!isRecord(item) || isTime(item))
    return fieldLines('-', item, indent).map((line) => line.replace('-: ', '- '));
  const [first = '', ...rest] = linesOf(item, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

/** Names and texts come from other processes: no control character of theirs may reach the terminal. */
function printable(line: string): string {
  return line.replace(/\p{Cc}/gu, '?');
}

function inline(value: unknown): string {
  if (isTime(value)) return `${value.sec}.${String(value.nsec).padStart(9, '0')}`;
  return typeof value === 'string' && /^… \d+ in all$/.test(value) ? value : JSON.stringify(value);
}

function isTime(value: unknown): value is { sec: number; nsec: number } {
  return isRecord(value) && Object.keys(value).join() === 'sec,nsec';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
