import { closest, distance } from 'fastest-levenshtein';

/**
 * The end of an error message for a word that is not known: `; did you mean 'ports'?` when one of the candidates is near,
 * else `; known: a, b, c`, else nothing.
 */
export function didYouMean(given: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return '';
  const near = closest(given.toLowerCase(), [...candidates]);
  if (distance(given.toLowerCase(), near.toLowerCase()) <= Math.ceil(given.length / 3))
    return `; did you mean '${near}'?`;
  const shown = candidates.slice(0, 12).join(', ');
  return `; known: ${shown}${candidates.length > 12 ? ', …' : ''}`;
}
