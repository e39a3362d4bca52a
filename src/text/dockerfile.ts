// What a Dockerfile says about the image that runs: ports, environment, command, and what is copied into it.
import { indexLines, lineOf, type Spot, spotAt } from './place.ts';

export interface Dockerfile {
  readonly exposed: readonly { readonly port: number; readonly spot: Spot }[];
  readonly env: ReadonlyMap<string, { readonly value: string; readonly spot: Spot }>;
  /** What ENV and ARG name, in all stages, each where it stands. */
  readonly names: readonly { readonly name: string; readonly value?: string; readonly line: number }[];
  /** ENTRYPOINT and CMD as one line of words. */
  readonly command?: { readonly text: string; readonly spot: Spot };
  /** Sources of COPY and ADD from the build context, of all stages. */
  readonly copies: readonly { readonly source: string; readonly spot: Spot }[];
}

type Stage = Pick<Dockerfile, 'exposed' | 'env'> & { entrypoint?: Words; cmd?: Words };
interface Words {
  readonly text: string;
  readonly spot: Spot;
}

export function readDockerfile(file: string, source: string): Dockerfile {
  const lines = indexLines(file, source.replaceAll('\r\n', '\n'));
  const copies: { source: string; spot: Spot }[] = [];
  const names: Dockerfile['names'][number][] = [];
  const stages = new Map<string, Stage>();
  let stage: Stage = { exposed: [], env: new Map() };
  for (const match of lines.text.matchAll(INSTRUCTION)) {
    const [whole, word = '', written = ''] = match;
    const rest = written.replaceAll(/\\\n\s*(?:#[^\n]*\n\s*)*/g, ' ').trim();
    const lead = /^\s*/.exec(whole)?.[0].length ?? 0;
    const first = whole.slice(lead).split('\n')[0] ?? '';
    const spot = spotAt(lines, match.index + lead, first.trimEnd().length);
    const name = (pairs: readonly (readonly [name: string, value?: string])[]): void => {
      for (const [one, value] of pairs)
        names.push({
          name: one,
          line: lineOf(lines, match.index + Math.max(0, whole.search(new RegExp(`\\b${one}\\b`)))),
          ...(value !== undefined && { value }),
        });
    };
    switch (word.toUpperCase()) {
      case 'FROM': {
        const [, from = '', name = ''] = /^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?/i.exec(rest) ?? [];
        const base = stages.get(from.toLowerCase());
        stage = base
          ? { ...base, exposed: [...base.exposed], env: new Map(base.env) }
          : { exposed: [], env: new Map() };
        if (name !== '') stages.set(name.toLowerCase(), stage);
        break;
      }
      case 'EXPOSE': {
        const ports = rest.split(/\s+/).map((one) => Number.parseInt(one, 10));
        stage = replace(stages, stage, {
          exposed: [...stage.exposed, ...ports.filter(Number.isInteger).map((port) => ({ port, spot }))],
        });
        break;
      }
      case 'ARG':
        name(argumentsOf(rest));
        break;
      case 'ENV':
        name(pairsOf(rest));
        stage = replace(stages, stage, {
          env: new Map([...stage.env, ...pairsOf(rest).map(([name, value]) => [name, { value, spot }] as const)]),
        });
        break;
      case 'CMD':
        stage = replace(stages, stage, { cmd: { text: wordsOf(rest), spot } });
        break;
      case 'ENTRYPOINT':
        stage = replace(stages, stage, { entrypoint: { text: wordsOf(rest), spot } });
        break;
      case 'COPY':
      case 'ADD':
        if (!/^(?:--\S+\s+)*--from=/.test(rest)) copies.push(...sourcesOf(rest).map((one) => ({ source: one, spot })));
        break;
    }
  }
  const { exposed, env, entrypoint, cmd } = stage;
  const spot = cmd?.spot ?? entrypoint?.spot;
  const text = [entrypoint?.text, cmd?.text].filter(Boolean).join(' ');
  return { exposed, env, names, copies, ...(spot && { command: { text, spot } }) };
}

/** A stage that others may begin from is found under its name with what came later too. */
function replace(stages: Map<string, Stage>, stage: Stage, more: Partial<Stage>): Stage {
  const next = { ...stage, ...more };
  for (const [name, one] of stages) if (one === stage) stages.set(name, next);
  return next;
}

/** `A=1 B="two words"`, and the old `A value`. */
function pairsOf(rest: string): readonly (readonly [string, string])[] {
  const old = /^(\w+)\s+([^=].*)$/.exec(rest);
  if (old && !/^\w+=/.test(rest)) return [[old[1] ?? '', old[2] ?? '']];
  return [...rest.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S*))/g)].map(
    ([, name = '', double, single, plain]) => [name, double ?? single ?? plain ?? ''],
  );
}

/** `ARG A B=1`: a name alone has no value. */
const argumentsOf = (rest: string): readonly (readonly [string, string?])[] =>
  [...rest.matchAll(/(?<=^|\s)(\w+)(?:=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S*)))?/g)].map(
    ([, name = '', double, single, plain]) => [name, double ?? single ?? plain],
  );

/** The exec form `["node", "x.js"]` as words. */
const wordsOf = (rest: string): string =>
  rest.startsWith('[') ? [...rest.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word]) => word).join(' ') : rest;

/** All but the last word, which is where they go. */
function sourcesOf(rest: string): readonly string[] {
  const words = rest.startsWith('[')
    ? [...rest.matchAll(/"([^"]*)"/g)].map(([, word = '']) => word)
    : rest.split(/\s+/).filter((word) => !word.startsWith('--'));
  return words.slice(0, -1).map((word) => word.replace(/^\.?\//, '').replace(/\/$/, '') || '.');
}

const INSTRUCTION =
  /^[ \t]*(FROM|EXPOSE|ENV|ARG|CMD|ENTRYPOINT|COPY|ADD)[ \t]+((?:[^\n\\]|\\(?!\n)|\\\n(?:[ \t]*#[^\n]*\n)*)*)/gim;
