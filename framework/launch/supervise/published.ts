/** Newest sequence number by slot; slots that are not there yet are left out. */
export type Sequences = () => ReadonlyMap<string, number>;

/** Watches, from counters in shared memory, whether slots got messages since somebody began to publish to them. */
export class Published {
  readonly #before = new Map<string, ReadonlyMap<string, number>>();
  readonly #done = new Set<string>();

  constructor(private readonly sequences: Sequences) {}

  /** A process of the node is about to start. */
  begin(node: string): void {
    if (!this.#before.has(node)) this.#before.set(node, this.sequences());
  }

  /** True once each of the slots has a message that was not there before. */
  has(node: string, slots: readonly string[]): boolean {
    const before = this.#before.get(node);
    if (this.#done.has(node)) return true;
    if (!before) return false;
    const now = this.sequences();
    // A slot that was made anew counts from 1 again.
    if (!slots.every((slot) => (now.get(slot) ?? 0) > 0 && now.get(slot) !== before.get(slot))) return false;
    this.#done.add(node);
    return true;
  }
}
