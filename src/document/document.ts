// A Markdown file with front matter: values and prose, each with its place. Knows nothing of runbooks.
import { isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import type { Finding } from '../text/finding.ts';
import type { Json } from '../text/json.ts';
import { findingAt, indexLines, type Lines } from '../text/place.ts';
import { beyondLimits } from './limits.ts';
import { type Body, readBody } from './markdown.ts';
import { readYamlMap } from './yaml-map.ts';
import { keyText, rangeOf } from './yaml-values.ts';

export type Path = readonly (string | number)[];
interface Span {
  readonly offset: number;
  readonly length: number;
}

export interface MarkdownDocument {
  readonly lines: Lines;
  readonly front: { readonly [key: string]: Json };
  readonly body: Body;
  /** Where a value stands; where there is none: its key, else what it should stand in. */
  spanOf(path: Path): Span;
  /** Where the key of a value stands; for an item of a list: the item. */
  keySpanOf(path: Path): Span;
}

/** Reads a file. Without `document` one of the findings is an error that hides everything else. */
export function readDocument(
  file: string,
  source: string,
): { readonly document?: MarkdownDocument; readonly findings: readonly Finding[] } {
  const lines = indexLines(file, source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n'));
  const beyond = beyondLimits(lines);
  if (beyond) return { findings: [beyond] };
  const cut = cutFrontMatter(lines);
  if ('finding' in cut) return { findings: [cut.finding] };
  const { map, findings } = readYamlMap(lines, cut, {
    what: 'front matter',
    remedy: 'write "runbook: 1", "title: …", "steps: …"',
  });
  if (!map) return { findings };
  const { values: front, contents } = map;
  const finder = new Finder(contents);
  const body = readBody(lines.text.slice(cut.body), cut.body);
  return {
    findings,
    document: { lines, front, body, spanOf: (path) => finder.value(path), keySpanOf: (path) => finder.key(path) },
  };
}

type Cut = { readonly start: number; readonly end: number; readonly body: number } | { readonly finding: Finding };

function cutFrontMatter(lines: Lines): Cut {
  const { text } = lines;
  const remedy = 'the first line is ---, then the definitions as YAML, then --- again, then the prose';
  const open = /^---[ \t]*\n/.exec(text);
  if (!open)
    return {
      finding: findingAt(
        lines,
        { offset: 0 },
        { code: 'front-matter', message: 'the file has no front matter', remedy },
      ),
    };
  const start = open[0].length;
  const close = /^---[ \t]*$/gm;
  close.lastIndex = start;
  const found = close.exec(text);
  if (!found)
    return {
      finding: findingAt(
        lines,
        { offset: 0, length: 3 },
        { code: 'front-matter', message: 'the front matter is never closed', remedy: 'end it with a line ---' },
      ),
    };
  return { start, end: found.index, body: Math.min(text.length, found.index + found[0].length + 1) };
}

/** Finds nodes by path. Keys of a map are indexed once. */
class Finder {
  readonly #root: unknown;
  readonly #indexes = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

  constructor(root: unknown) {
    this.#root = root;
  }

  value(path: Path): Span {
    const node = this.#node(path);
    const [start, end] = rangeOf(node);
    const empty = isScalar(node) && node.value === null;
    if (end > start && !empty) return { offset: start, length: end - start };
    return path.length === 0 ? { offset: start, length: 1 } : this.key(path);
  }

  key(path: Path): Span {
    const last = path.at(-1);
    const parent = this.#node(path.slice(0, -1));
    const pair = typeof last === 'string' && isMap(parent) ? this.#pairs(parent).get(last) : undefined;
    if (pair) return spanOf(pair.key);
    if (typeof last === 'number' && isSeq(parent) && parent.items[last] !== undefined)
      return spanOf(parent.items[last]);
    return path.length === 0 ? spanOf(this.#root) : this.key(path.slice(0, -1));
  }

  #node(path: Path): unknown {
    let at: unknown = this.#root;
    for (const name of path) {
      if (isMap(at)) at = this.#pairs(at).get(String(name))?.value;
      else if (isSeq(at) && typeof name === 'number') at = at.items[name];
      else return undefined;
    }
    return at;
  }

  #pairs(map: YAMLMap): ReadonlyMap<string, Pair> {
    let pairs = this.#indexes.get(map);
    if (!pairs) {
      // The first of doubled keys is the one that is read.
      pairs = new Map(
        [...map.items]
          .reverse()
          .flatMap((pair) => (keyText(pair) === undefined ? [] : [[keyText(pair) ?? '', pair] as const])),
      );
      this.#indexes.set(map, pairs);
    }
    return pairs;
  }
}

const spanOf = (node: unknown): Span => {
  const [start, end] = rangeOf(node);
  return { offset: start, length: Math.max(1, end - start) };
};
