// Front matter as YAML nodes with places in the file. The lexer is watched for depth: what composes nodes calls itself.
import { Composer, type Document, Lexer, Parser, type YAMLError } from 'yaml';
import { LIMITS } from './limits.ts';

/** What the lexer says where the indentation ends a list or map that was not closed. */
const FLOW_END = '\x18';

export type Tree =
  | {
      readonly document: Document.Parsed;
      readonly errors: readonly YAMLError[];
      readonly warnings: readonly YAMLError[];
      readonly second?: number;
    }
  /** Offset of the bracket that is one too many. */
  | { readonly tooDeep: number };

/** `offset`: where `text` begins in the file; all places of the nodes count from the file's start. */
export function readTree(text: string, offset: number): Tree {
  const parser = new Parser();
  parser.offset = offset;
  // Duplicate keys are found by us: the library compares each with each. Merge keys stay plain keys.
  const composer = new Composer({ uniqueKeys: false, merge: false, prettyErrors: false, logLevel: 'silent' });
  const documents: Document.Parsed[] = [];
  let depth = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '[' || lexeme === '{') depth++;
    else if (lexeme === ']' || lexeme === '}') depth = Math.max(0, depth - 1);
    else if (lexeme === FLOW_END) depth = 0;
    if (depth > LIMITS.depth) return { tooDeep: parser.offset };
    for (const token of parser.next(lexeme)) documents.push(...composer.next(token));
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(documents.length === 0, offset + text.length));
  const [document, second] = documents;
  if (!document) throw new Error('YAML without a document');
  return { document, errors: document.errors, warnings: document.warnings, ...(second && { second: second.range[0] }) };
}
