// The one door to @actions/expressions: a text becomes a tree, with every name it uses and exact places, behind five guards.
// The guards are those of facts/feasibility.md §1; each is named where it stands.
import { type Expr, ExpressionError, Lexer, Parser, wellKnownFunctions } from '@actions/expressions';
import {
  Binary,
  ContextAccess,
  FunctionCall,
  Grouping,
  IndexAccess,
  Literal,
  Logical,
  Star,
  Unary,
} from '@actions/expressions/ast';
import { type Token, TokenType } from '@actions/expressions/lexer';
import { didYouMean } from './closest.ts';

/** One name of a chain like `steps.deploy.outputs.version`; `*` where it is worked out while running. */
export interface Segment {
  readonly name: string;
  /** Offset in the source of the expression. */
  readonly at: number;
  readonly length: number;
  readonly computed?: true;
}

export interface Chain {
  readonly segments: readonly Segment[];
}

export type Parsed =
  | { readonly ok: true; readonly tree: Expr; readonly chains: readonly Chain[] }
  | {
      readonly ok: false;
      readonly message: string;
      readonly at: number;
      readonly length: number;
      readonly remedy?: string;
    };

/** Reads an expression (without `${{ }}`). All offsets count in `source`. */
export function parseExpression(source: string): Parsed {
  // Guard: the parser crashes on an empty expression.
  if (source.trim() === '')
    return { ok: false, message: 'the expression is empty', at: 0, length: Math.max(1, source.length) };
  try {
    // Guard: columns are wrong after a line feed inside a string; on one line the column is the offset.
    const { tokens } = new Lexer(source.replace(/[\r\n]/g, ' ')).lex();
    const unknown = unknownFunction(tokens);
    if (unknown) return unknown;
    for (const token of tokens) mendString(token, source);
    // Every name counts as known here: the parser would stop at the first unknown one, and the rules want them all.
    const names = tokens.filter((token) => token.type === TokenType.IDENTIFIER).map((token) => token.lexeme);
    const tree = new Parser(tokens, names, []).parse();
    return { ok: true, tree, chains: chainsOf(tree) };
  } catch (error) {
    return failure(error, source);
  }
}

/** `inputs.app`, `secrets['my app'].KEY`: a chain of names as an author writes it. */
export function spell(names: readonly string[]): string {
  return names
    .map((name, index) =>
      index === 0
        ? name
        : /^[A-Za-z_][\w-]*$/.test(name)
          ? `.${name}`
          : name === '*'
            ? '[…]'
            : `['${name.replaceAll("'", "''")}']`,
    )
    .join('');
}

/** The root name and the indexes of a chain, outermost last; undefined where the tree is no chain from a name. */
export function unchain(tree: Expr): { readonly root: Token; readonly indexes: readonly Expr[] } | undefined {
  const indexes: Expr[] = [];
  let at = tree;
  while (at instanceof IndexAccess) {
    indexes.unshift(at.index);
    at = at.expr;
  }
  return at instanceof ContextAccess ? { root: at.name, indexes } : undefined;
}

export const isStar = (tree: Expr): boolean => tree instanceof Star;

/** Guard: the library looks a function up in a plain object, so that `constructor('x')` runs. */
function unknownFunction(tokens: readonly Token[]): Parsed | undefined {
  for (const [index, token] of tokens.entries()) {
    const called =
      token.type === TokenType.IDENTIFIER &&
      tokens[index + 1]?.type === TokenType.LEFT_PAREN &&
      tokens[index - 1]?.type !== TokenType.DOT;
    if (!called || Object.hasOwn(wellKnownFunctions, token.lexeme.toLowerCase())) continue;
    const names = Object.values(wellKnownFunctions).map((known) => known.name);
    const remedy = didYouMean(token.lexeme, names) ?? `there are ${names.join(', ')}`;
    return {
      ok: false,
      message: `unknown function "${token.lexeme}"`,
      at: token.range.start.column,
      length: token.lexeme.length,
      remedy,
    };
  }
  return undefined;
}

/** Guard: only the first `''` of a string is unescaped, and line feeds inside it were taken out above. */
function mendString(token: Token, source: string): void {
  if (token.type === TokenType.STRING) {
    token.value = source.slice(token.range.start.column + 1, token.range.end.column - 1).replaceAll("''", "'");
  }
}

function chainsOf(tree: Expr): readonly Chain[] {
  const chain = unchain(tree);
  if (chain) {
    const { root, indexes } = chain;
    const segments = [segment(root, root.lexeme), ...indexes.map((index) => segmentOf(index, root))];
    return [
      { segments },
      ...indexes.filter((index) => !(index instanceof Literal) && !isStar(index)).flatMap(chainsOf),
    ];
  }
  return childrenOf(tree).flatMap(chainsOf);
}

function segmentOf(index: Expr, root: Token): Segment {
  if (index instanceof Literal) return segment(index.token, index.literal.coerceString());
  return { ...segment(root, '*'), computed: true };
}

function segment(token: Token, name: string): Segment {
  const at = token.range.start.column;
  return { name, at, length: token.range.end.column - at };
}

function childrenOf(tree: Expr): readonly Expr[] {
  if (tree instanceof IndexAccess) return isStar(tree.index) ? [tree.expr] : [tree.expr, tree.index];
  if (tree instanceof Grouping) return [tree.group];
  if (tree instanceof Unary) return [tree.expr];
  if (tree instanceof Binary) return [tree.left, tree.right];
  if (tree instanceof Logical || tree instanceof FunctionCall) return tree.args;
  return [];
}

/** Guard: the lexer says "Located at position N" (from 1), the parser has `pos`; each has its own words. */
function failure(error: unknown, source: string): Parsed {
  const message = error instanceof Error ? error.message : '';
  if (error instanceof ExpressionError) {
    const at = Math.min(error.pos.column, Math.max(0, source.trimEnd().length - 1));
    const [, symbol = ''] = /'([\s\S]*)'$/.exec(message) ?? [];
    return {
      ok: false,
      message: inWords(message, symbol),
      at,
      length: Math.max(1, symbol === 'EOF' ? 1 : symbol.length),
    };
  }
  if (message === 'ErrorExceededMaxLength')
    return { ok: false, message: 'the expression is longer than 21,000 characters', at: 0, length: 1 };
  const [, symbol, position] =
    /^Unexpected symbol: '([\s\S]*?)'\. Located at position (\d+) within/.exec(message) ?? [];
  if (symbol === undefined) throw error;
  const remedy = remedyFor(symbol);
  return {
    ok: false,
    message: `unexpected ${symbol}`,
    at: Number(position) - 1,
    length: symbol.length,
    ...(remedy && { remedy }),
  };
}

function inWords(message: string, symbol: string): string {
  if (message.includes('max expression depth')) return 'the expression is nested more than 50 deep';
  if (message.includes('parameters supplied')) return `${symbol}() does not take this number of values`;
  if (symbol === 'EOF' || message.startsWith('Unexpected end')) return 'the expression ends too early';
  return `unexpected ${symbol}`;
}

/** What is usually meant by a symbol that does not stand in this grammar. */
function remedyFor(symbol: string): string | undefined {
  if (symbol.startsWith('"')) return "a text stands in single quotes: 'so'";
  if (symbol.startsWith("'")) return "the text is not closed: a ' in it is written ''";
  if (symbol === '=') return 'write == to compare';
  if (symbol === '&' || symbol === '|') return `write ${symbol}${symbol}`;
  return /^[-+*/%]/.test(symbol) ? "there is no arithmetic; texts are joined by format('{0}-{1}', a, b)" : undefined;
}
