// "Did you mean …?": the known word that a mistyped one is nearest to.
import { distance } from 'fastest-levenshtein';

/** Of so many candidates none is meant in particular, and looking at all for each of many words takes long. */
const MANY = 1000;

/** The nearest candidate, or undefined where none is near enough to be meant. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = (word.length <= 3 ? 1 : Math.max(2, Math.floor(word.length * 0.35))) + 1;
  let seen = 0;
  for (const candidate of candidates) {
    if (++seen > MANY) break;
    if (Math.abs(candidate.length - word.length) >= bestDistance && !isPart(word, candidate)) continue;
    const away = isPart(word, candidate) ? 1 : steps(word.toLowerCase(), candidate.toLowerCase());
    if (away >= bestDistance || away >= Math.max(candidate.length, word.length)) continue;
    best = candidate;
    bestDistance = away;
  }
  return best;
}

/** `did you mean "x"?` ready to be a remedy; undefined where nothing is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const near = closest(word, candidates);
  return near === undefined ? undefined : `did you mean "${near}"?`;
}

/** `response` for `http/response`: the noun without its folder. */
const isPart = (word: string, candidate: string): boolean => candidate.endsWith(`/${word}`);

/** Letters put in, left out or taken for another; two that changed places count as one. */
function steps(word: string, candidate: string): number {
  let least = distance(word, candidate);
  for (let at = 0; at + 1 < word.length && least > 1; at++) {
    const swapped = word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
    if (word[at] !== word[at + 1]) least = Math.min(least, distance(swapped, candidate) + 1);
  }
  return least;
}
