let onClosed: () => void = () => undefined;
let listening = false;

/**
 * Sets what happens when nobody reads standard output any more (`babus ... | head`, a closed terminal). The last call counts.
 * Later writes are lost in silence.
 */
export function onStdoutClosed(callback: () => void): void {
  onClosed = callback;
  if (listening) return;
  listening = true;
  process.stdout.on('error', () => onClosed());
  // Without a reader of its own, an error message has nowhere to go.
  process.stderr.on('error', () => undefined);
}

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}
