// YAML nodes as plain values, with a finding for everything that YAML allows and a runbook does not: aliases, tags, doubled keys.
import { isAlias, isMap, isPair, isScalar, isSeq, type Pair, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';
import type { Finding } from '../text/finding.ts';
import type { Json } from '../text/json.ts';
import { findingAt, type Lines, lineOf, type Problem } from '../text/place.ts';

/** Reads a node; what is wrong in it goes to `findings`. */
export function readValue(node: unknown, lines: Lines, findings: Finding[]): Json {
  return new Values(lines, findings).read(node);
}

class Values {
  readonly #lines: Lines;
  readonly #findings: Finding[];
  readonly #said = new Set<string>();

  constructor(lines: Lines, findings: Finding[]) {
    this.#lines = lines;
    this.#findings = findings;
  }

  read(node: unknown): Json {
    if (isAlias(node)) {
      this.#say(node, {
        code: 'yaml-alias',
        message: 'YAML aliases are not read',
        remedy: 'write the value out; a text that begins with * stands in quotes',
      });
      return null;
    }
    if (isScalar(node) || isMap(node) || isSeq(node)) this.#plain(node);
    if (isScalar(node)) return this.#scalar(node);
    if (isSeq(node)) return node.items.map((item) => this.read(isPair(item) ? item.value : item));
    if (isMap(node)) return this.#map(node);
    return null;
  }

  #plain(node: { anchor?: string; tag?: string; range?: readonly number[] | null }): void {
    if (node.anchor !== undefined) {
      this.#say(node, {
        code: 'yaml-alias',
        message: 'YAML anchors are not read',
        remedy: 'write the value out; a text that begins with & stands in quotes',
      });
    }
    if (node.tag !== undefined) {
      this.#say(node, {
        code: 'yaml-tag',
        message: 'YAML tags are not read',
        remedy: 'a text that begins with ! stands in quotes',
      });
    }
  }

  #scalar(node: Scalar): Json {
    const { value, source } = node;
    if (typeof value === 'number' && !Number.isFinite(value)) return source ?? String(value);
    if (typeof value === 'number' && source !== undefined && String(value) !== source) {
      const remedy = `put it in quotes where a text is meant: "${source}"`;
      this.#say(node, {
        severity: 'warning',
        code: 'number-changed',
        message: `${source} is read as the number ${value}`,
        remedy,
      });
    }
    return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' ? value : null;
  }

  #map(node: YAMLMap): Json {
    const entries = new Map<string, Json>();
    const first = new Map<string, number>();
    for (const pair of node.items) {
      const key = keyText(pair);
      const at = startOf(pair.key);
      if (key === undefined) this.#oddKey(pair);
      else if (key === '__proto__')
        this.#say(pair.key, {
          code: 'unknown-key',
          message: 'a key cannot be "__proto__"',
          remedy: 'take another name',
        });
      else if (entries.has(key)) {
        this.#say(pair.key, {
          code: 'duplicate-key',
          message: `"${key}" stands here twice`,
          remedy: `it is also on line ${lineOf(this.#lines, first.get(key) ?? 0)}: keep one`,
        });
      } else {
        first.set(key, at);
        entries.set(key, this.read(pair.value));
      }
    }
    return Object.fromEntries(entries);
  }

  /** `{{ x }}` and `{ a: ${{ x }} }` without quotes are maps with a map as their key. */
  #oddKey(pair: Pair): void {
    const [start, end] = rangeOf(pair.key);
    const { text } = this.#lines;
    if (text.startsWith('{{', start - 1)) {
      // From the first brace: what is said about the map it makes is a consequence.
      const problem = {
        code: 'yaml-expression',
        message: 'braces without quotes are YAML, not an expression',
        remedy: `write "$${text.slice(start - 1, end + 1).split('\n')[0]}"`,
      };
      this.#findings.push(findingAt(this.#lines, { offset: start - 1, length: end - start + 2 }, problem));
    } else this.#say(pair.key, { code: 'yaml-key', message: 'a key must be a text', remedy: 'put it in quotes' });
  }

  #say(node: unknown, problem: Problem): void {
    const [start, end] = rangeOf(node);
    const line = `${problem.code}:${lineOf(this.#lines, start)}`;
    // Aliases come in swarms, and one a line is enough to find them.
    if (problem.code === 'yaml-alias' && this.#said.has(line)) return;
    this.#said.add(line);
    this.#findings.push(findingAt(this.#lines, { offset: start, length: end - start }, problem));
  }
}

/** The text of a key as written; undefined where the key is no scalar. */
export function keyText(pair: Pair): string | undefined {
  const { key } = pair;
  if (!isScalar(key) || key.tag !== undefined || key.anchor !== undefined) return undefined;
  return typeof key.value === 'string' ? key.value : (key.source ?? '');
}

/** Start and end of a node in the file; [0, 0] for what stands nowhere. */
export function rangeOf(node: unknown): readonly [number, number] {
  const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? (node as ParsedNode).range : undefined; // parsed nodes have one
  return range ? [range[0], range[1]] : [0, 0];
}

const startOf = (node: unknown): number => rangeOf(node)[0];
