import { BabusError } from '../errors/index.js';

/** A live table in the terminal, while a launch runs. */
export interface TopView {
  /** Prints whole lines of nodes and launcher above the table. */
  log(text: string): void;
  /** Measures no longer: nodes are about to stop. */
  freeze(): void;
  /** Prints the figures of the whole run. */
  stop(): void;
}

export type StartTop = (where: { readonly root: string; readonly domain: string }) => Promise<TopView>;

/** For programs that were put together without a live table. */
export const noTop: StartTop = () =>
  Promise.reject(new BabusError('ERR_BABUS_ARGUMENT', '--top is not part of this program'));
