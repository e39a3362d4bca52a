// A plan that was written for people as a runbook. Nothing of it is lost: what is not a step stands as text, in its place.
import { type Block, readOutline } from '../document/outline.ts';
import type { Json } from '../text/json.ts';
import { namesSetIn, withCapitalsMarked } from './capitals.ts';
import { codeSpans, isCommand, type Placeholder, withInputs } from './command.ts';
import { type Draft, type DraftStep, type Part, phasesOf, unread, writeDraft } from './draft.ts';
import { namesIn } from './names.ts';
import { type Made, type Maker, questionOf, stepOf } from './step-of.ts';
import type { Piece } from './task.ts';
import { piecesOf } from './tasks.ts';
import { Ids, plain, titleOf } from './title.ts';
import { type Withheld, withoutValues } from './withheld.ts';

export interface Plan {
  /** As the runbook names it: from the project folder. */
  readonly file: string;
  readonly source: string;
  /** `2026-11-21` */
  readonly date: string;
  /** Names of variables that the code reads: in a command of the plan they are no gaps to fill in. */
  readonly environment?: ReadonlySet<string>;
}

export interface Imported {
  /** The runbook. */
  readonly text: string;
  readonly steps: readonly DraftStep[];
  readonly phases: number;
  readonly inputs: readonly string[];
  readonly names: readonly string[];
  /** Values of the plan that are secrets by their look: they are not in the runbook. */
  readonly withheld: readonly Withheld[];
  /** Words in capitals that were taken for gaps to fill in: where the code reads one, it is none. */
  readonly capitals: ReadonlySet<string>;
  /** Commands that are left to a person: where they stand in the plan, and why. */
  readonly notes: readonly string[];
  /** What looks like things to do, and is text: where, and why where that is known. */
  readonly left: readonly string[];
}

/** undefined where nothing of the plan can be a step. */
export function importPlan({ file, source: plan, date, environment = new Set() }: Plan): Imported | undefined {
  const { source, withheld } = withoutValues(plan.replace(/\r\n?/g, '\n'));
  const { body, title } = opened(readOutline(withoutFrontMatter(source)), file);
  const found = piecesOf(body, title);
  const pieces = questionsFirst(found.pieces.filter((piece) => !(piece.is === 'text' && RULE.test(piece.raw))));
  const names = namesIn(body);
  const set = namesSetIn(source);
  const isSet = (name: string) => set.has(name) || environment.has(name) || Object.hasOwn(names, name);
  const capitals = new Set<string>();
  const marked = (text: string) => withCapitalsMarked(text, isSet, (name) => capitals.add(name));
  const app = appOf(pieces, marked);
  const maker: Maker = { file, date, app, names: Object.keys(names).length > 0, ids: new Ids(), marked };
  const made: Made[] = [];
  const parts = pieces.map((piece) => partOf(piece, maker, made));
  if (made.length === 0) return undefined;
  const fills = made.some(({ step }) => step.keys.uses === 'secrets/fill');
  const secrets: Readonly<Record<string, Json>> = fills ? { [withInputs(app ?? '<app>')]: { names } } : {};
  const inputs = inputsOf(
    made.flatMap(({ asked }) => asked),
    source,
  );
  const draft: Draft = { title, inputs, secrets, parts };
  return {
    text: writeDraft(draft),
    steps: made.map(({ step }) => step),
    phases: phasesOf(parts).size,
    inputs: Object.keys(inputs),
    names: fills ? Object.keys(names) : [],
    withheld,
    capitals,
    notes: made.flatMap(({ step, note }) => (note === undefined ? [] : [`${step.from}  ${step.title}: ${note}`])),
    left: found.left.map(
      ({ heading, line, aside }) =>
        `${file}:${line}  ${plain(heading)}${aside ? ': for a launch that goes wrong' : ''}`,
    ),
  };
}

/** A line across the page. */
const RULE = /^([-*_][ \t]*){3,}$/;

/** The front matter of some other tool is text. */
const withoutFrontMatter = (source: string): string =>
  source
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/^---[ \t]*\n([\s\S]*?\n)---[ \t]*(?=\n|$)/, '```yaml\n$1```');

/** Its first heading is the title of all. */
function opened(blocks: readonly Block[], file: string): { readonly title: string; readonly body: readonly Block[] } {
  const first = blocks.find((block) => block.kind === 'heading');
  const heads = first !== undefined && first.depth === 1;
  const name = file.replace(/^.*\//, '').replace(/\.\w+$/, '');
  return heads
    ? { title: first.text, body: blocks.filter((block) => block !== first) }
    : { title: name === '' ? 'Launch' : name, body: blocks };
}

/** What is open in the plan is asked before anything is done. */
function questionsFirst(pieces: readonly Piece[]): readonly Piece[] {
  const starts = [0, ...pieces.flatMap(({ is }, at) => (is === 'heading' && at > 0 ? [at] : []))];
  const sections = starts.map((start, nth) => pieces.slice(start, starts[nth + 1]));
  const first = sections.findIndex((section) => section.some(({ is }) => is !== 'heading' && is !== 'text'));
  const asks = (section: readonly Piece[]) => section.some(({ is }) => is === 'question');
  const [before, rest] = [sections.slice(0, Math.max(0, first)), sections.slice(Math.max(0, first))];
  return [...before, ...rest.filter(asks), ...rest.filter((section) => !asks(section))].flat();
}

/** As the plan names its Fly app: where it is created, else where a flag names it. */
function appOf(pieces: readonly Piece[], marked: (command: string) => string): string | undefined {
  const commands = pieces
    .flatMap((piece) => ('task' in piece ? [...piece.task.code, ...codeSpans(piece.task.text)] : []))
    .filter(isCommand)
    .map(marked);
  const first = (pattern: RegExp) =>
    commands
      .map((one) => pattern.exec(one)?.[1])
      .find((name) => name !== undefined && /^([a-z0-9-]+|<[^<>]+>)$/.test(name));
  return (
    first(/\b(?:fly|flyctl) apps? create (?:--name )?([^\s-]\S*)/) ??
    first(/\b(?:fly|flyctl) (?!postgres|pg|mpg|proxy)(?:.* )?(?:-a|--app)[ =](\S+)/)
  );
}

function partOf(piece: Piece, maker: Maker, made: Made[]): Part {
  if (piece.is === 'heading') return { is: 'heading', title: piece.text, depth: piece.depth };
  if (piece.is === 'text') return { is: 'text', markdown: piece.raw };
  const one =
    piece.is === 'checklist'
      ? checklistOf(piece, maker)
      : piece.is === 'question'
        ? questionOf(piece.task, maker)
        : stepOf(piece.task, maker);
  made.push(one);
  return { is: 'step', step: one.step };
}

function checklistOf(
  { title, items, raw, line }: Extract<Piece, { is: 'checklist' }>,
  { ids, file, date }: Maker,
): Made {
  const named = titleOf(title);
  const texts = items.map(({ text, raw: all }) => unread(plain(text === '' ? all : text)) || '…');
  const ticked = items.every((item) => item.ticked === true);
  const keys = { checklist: texts, ...(ticked && { already: `ticked in ${file}, ${date}` }) };
  return { asked: [], step: { id: ids.of(named), title: named, keys, prose: raw, from: `${file}:${line}` } };
}

function inputsOf(asked: readonly Placeholder[], source: string): Readonly<Record<string, Json>> {
  const all = asked.map(
    ({ input, secret, written }) =>
      [
        input,
        {
          description: `${source.includes(written) ? written : bare(written)} of the plan`,
          ...(secret ? { secret: true } : SHAPES[input]),
        },
      ] as const,
  );
  return Object.fromEntries(all);
}

const bare = (written: string): string => (/^<[A-Z][A-Z0-9_]*>$/.test(written) ? written.slice(1, -1) : written);

/** Values that a kind takes in one shape only: a wrong one is said where it is typed, and a rehearsal has a right one. */
const SHAPES: Readonly<Record<string, { readonly pattern: string; readonly example: string }>> = {
  region: { pattern: '[a-z]{3}', example: 'sjc' },
};
