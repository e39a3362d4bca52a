// A stretch of a file that must be one YAML map: front matter, or a whole file of answers. Values, nodes, and what is wrong with its place.
import type { Document } from 'yaml';
import type { Finding } from '../text/finding.ts';
import { isMap, type Json } from '../text/json.ts';
import { findingAt, indexLines, type Lines } from '../text/place.ts';
import { beyondLimits, LIMITS } from './limits.ts';
import { readTree } from './yaml-tree.ts';
import { readValue } from './yaml-values.ts';
import { inWords } from './yaml-words.ts';

export interface YamlMap {
  readonly values: { readonly [key: string]: Json };
  readonly contents: Document.Parsed['contents'];
}

interface Reading {
  readonly map?: YamlMap;
  readonly findings: readonly Finding[];
}

/** What it is called in findings, and how one is written. */
interface Wanted {
  readonly what: string;
  readonly remedy: string;
}

/** Without `map` one of the findings is an error that hides everything else. */
export function readYamlMap(
  lines: Lines,
  span: { readonly start: number; readonly end: number },
  wanted: Wanted,
): Reading {
  const only = (offset: number, code: string, message: string, remedy: string): Reading => ({
    findings: [findingAt(lines, { offset }, { code, message, remedy })],
  });
  const tree = readTree(lines.text.slice(span.start, span.end), span.start);
  if ('tooDeep' in tree)
    return only(tree.tooDeep, 'too-deep', `more than ${LIMITS.depth} brackets inside each other`, 'nest less');
  const { document, errors, second } = tree;
  if (errors.length > 0) return { findings: inWords(errors, document, lines) };
  if (second !== undefined)
    return only(
      second,
      'yaml',
      'a second YAML document begins here',
      `${wanted.what} is one document: take the "..." away`,
    );
  const findings: Finding[] = [];
  const values = readValue(document.contents, lines, findings);
  if (isMap(values)) return { map: { values, contents: document.contents }, findings };
  const { findings: last } = only(
    span.start,
    'front-matter',
    `the ${wanted.what} is not a map of keys and values`,
    wanted.remedy,
  );
  return { findings: [...findings, ...last] };
}

/** A whole file that is one map, JSON included. */
export function readYamlFile(file: string, source: string, wanted: Wanted): Reading {
  const lines = indexLines(file, source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n'));
  const beyond = beyondLimits(lines);
  return beyond ? { findings: [beyond] } : readYamlMap(lines, { start: 0, end: lines.text.length }, wanted);
}
