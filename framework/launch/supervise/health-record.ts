import { NO_COUNTERS, type NodeCounters, type PortCounters } from '../../spec.js';
import type { NodeTroubles } from '../../control/index.js';

/** A ready node that gives no sign of life for so long is shown as unresponsive. */
export const SILENCE_MS = 3000;

const NOTHING: PortCounters = { messages: 0, missed: 0 };

/** What is known of a node's health: counters over all its runs, and when it last gave a sign of life. */
export class HealthRecord {
  /** True while a sign of life is overdue. */
  unresponsive = false;
  #past: NodeCounters = NO_COUNTERS;
  #present: NodeCounters = NO_COUNTERS;
  #ports: Readonly<Record<string, unknown>> = {};
  #heardMs = 0;

  /** A sign of life. @returns for how many seconds there was none, when that was noticed */
  heard(nowMs: number): number | undefined {
    const silentMs = nowMs - this.#heardMs;
    const wasSilent = this.unresponsive;
    this.#heardMs = nowMs;
    this.unresponsive = false;
    return wasSilent ? Math.round(silentMs / 1000) : undefined;
  }

  /** @returns true when the node has just become unresponsive */
  look(nowMs: number): boolean {
    if (this.unresponsive || nowMs - this.#heardMs <= SILENCE_MS) return false;
    return (this.unresponsive = true);
  }

  /** What a node's process says; its own code may have said it, and what it likes. */
  take(health: unknown): void {
    const { counters, ports } = objectOf(health);
    const given = objectOf(counters);
    const keys = Object.keys(NO_COUNTERS) as (keyof NodeCounters)[];
    this.#present = Object.fromEntries(
      keys.map((key) => [key, countOf(given[key])]),
    ) as unknown as NodeCounters;
    this.#ports = objectOf(ports);
  }

  /** The process has ended; what it counted stays. */
  endRun(): void {
    this.#past = this.#sum();
    this.#present = NO_COUNTERS;
    this.#ports = {};
    this.unresponsive = false;
  }

  port(name: string): PortCounters {
    if (!Object.hasOwn(this.#ports, name)) return NOTHING;
    const { messages, missed } = objectOf(this.#ports[name]);
    return { messages: countOf(messages), missed: countOf(missed) };
  }

  /** How many calls of handlers there were, when each of them failed; else 0. */
  get onlyFailures(): number {
    const { handlerCalls, handlerErrors } = this.#sum();
    return handlerErrors >= handlerCalls ? handlerCalls : 0;
  }

  troubles(linesDropped: number): NodeTroubles {
    const sum = this.#sum();
    return {
      handler_errors: sum.handlerErrors,
      quota_errors: sum.quotaErrors,
      loans_given_back: sum.loansGivenBack,
      take_errors: sum.takeErrors,
      event_loop_blocked: sum.blocked,
      longest_block_ms: sum.longestBlockMs,
      output_lines_dropped: linesDropped,
    };
  }

  #sum(): NodeCounters {
    const [a, b] = [this.#past, this.#present];
    return {
      handlerCalls: a.handlerCalls + b.handlerCalls,
      handlerErrors: a.handlerErrors + b.handlerErrors,
      quotaErrors: a.quotaErrors + b.quotaErrors,
      loansGivenBack: a.loansGivenBack + b.loansGivenBack,
      takeErrors: a.takeErrors + b.takeErrors,
      blocked: a.blocked + b.blocked,
      longestBlockMs: Math.max(a.longestBlockMs, b.longestBlockMs),
    };
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
}
