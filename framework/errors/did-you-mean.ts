import { closest, distance } from 'fastest-levenshtein';

/**
 * The end of an error message for a word that is not known: `; did you mean 'ports'?` when one of the candidates is near,
 * else `; known: a, b, c`, else nothing.
 */
export function didYouMean(given: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return '';
  const near = nearest(given.toLowerCase(), candidates);
  if (near !== undefined) return `; did you mean '${near}'?`;
  const shown = candidates.slice(0, 12).join(', ');
  return `; known: ${shown}${candidates.length > 12 ? ', …' : ''}`;
}

/** No name is longer; comparing a text with each candidate takes time by the product of their lengths. */
const MAX_WORD = 256;

function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > MAX_WORD) return undefined;
  // Letters in another order are the commonest slip, and two edits to Levenshtein.
  const swapped = candidates.find((candidate) => letters(candidate.toLowerCase()) === letters(word));
  if (swapped !== undefined) return swapped;
  const near = closest(word, [...candidates]);
  return distance(word, near.toLowerCase()) <= Math.ceil(word.length / 3) ? near : undefined;
}

function letters(word: string): string {
  return [...word].sort().join('');
}
