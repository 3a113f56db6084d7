import type { NetworkInterface } from 'babus/schemas';
import type { Rates } from './rates.js';

type Totals = Omit<
  NetworkInterface,
  'rx_bytes_per_s' | 'tx_bytes_per_s' | 'rx_packets_per_s' | 'tx_packets_per_s' | symbol
>;

/** Eight numbers of what was received, then eight of what was sent. */
const COLUMNS = 16;

/** Of /proc/net/dev. @throws Error in words when that is not what it should be */
export function interfaces(text: string): Totals[] {
  const [, head, ...lines] = text.trimEnd().split('\n');
  if (!/^ *face *\|bytes +packets errs drop .*\|bytes +packets errs drop /.test(head ?? ''))
    throw new Error("its second line does not begin with 'face |bytes packets errs drop'");
  return lines.map(interfaceOf);
}

function interfaceOf(line: string): Totals {
  // Large numbers stand against the colon. Names of aliases hold colons, too.
  const [, name, columns] = /^ *(\S+): *((?:\d{1,20} *)+)$/.exec(line) ?? [];
  const numbers = columns?.trim().split(/ +/).map(BigInt) ?? [];
  if (name === undefined || numbers.length < COLUMNS)
    throw new Error(`there is no name and ${COLUMNS} numbers in '${line.trim()}'`);
  const [rxBytes, rxPackets, rxErrors, rxDropped, , , , , txBytes, txPackets, txErrors, txDropped] = numbers;
  return {
    name,
    rx_bytes: rxBytes!,
    tx_bytes: txBytes!,
    rx_packets: rxPackets!,
    tx_packets: txPackets!,
    rx_errors: rxErrors!,
    tx_errors: txErrors!,
    rx_dropped: rxDropped!,
    tx_dropped: txDropped!,
  };
}

export function withRates(totals: Totals, rates: Rates): NetworkInterface {
  const rate = (key: 'rx_bytes' | 'tx_bytes' | 'rx_packets' | 'tx_packets'): number =>
    rates.perSecond(`network ${totals.name} ${key}`, totals[key]);
  return {
    ...totals,
    rx_bytes_per_s: rate('rx_bytes'),
    tx_bytes_per_s: rate('tx_bytes'),
    rx_packets_per_s: rate('rx_packets'),
    tx_packets_per_s: rate('tx_packets'),
  };
}
