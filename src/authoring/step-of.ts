// One thing to do, as a step: by a kind where the plan says all it needs, by its command, else by a person with what is to be copied.
import type { Json } from '../text/json.ts';
import {
  type Command,
  codeSpans,
  destroys,
  hasCases,
  isCommand,
  isLikeCommand,
  isPartial,
  type Placeholder,
  placeholdersIn,
  readCommand,
  typed,
  withInputs,
} from './command.ts';
import { type DraftStep, type Keys, unread } from './draft.ts';
import { type Known, knownAnswer, knownKind } from './known.ts';
import { isFinal, isForbidden, sentencesOf } from './saying.ts';
import type { Held, Task } from './task.ts';
import { type Ids, plain, titleOf } from './title.ts';

export interface Made {
  readonly step: DraftStep;
  readonly asked: readonly Placeholder[];
  /** Why a command of the plan is left to a person. */
  readonly note?: string;
}

export interface Maker {
  /** As findings name the plan. */
  readonly file: string;
  /** When it was taken over: `2026-11-21`. */
  readonly date: string;
  /** The Fly app of the plan as it stands there; undefined where it names none. */
  readonly app: string | undefined;
  /** Does the plan name any variable that `secrets/fill` could set? */
  readonly names: boolean;
  readonly ids: Ids;
  /** A command or an address with what is left to fill in as `<NAME>`, also where the plan writes it otherwise. */
  marked(text: string): string;
}

export function stepOf(task: Task, maker: Maker): Made {
  const { keys, asked, note } = formOf(task, maker);
  const short = titleOf(task.text || (task.code[0]?.split('\n')[0] ?? ''));
  const title = task.heading ?? short;
  const id = maker.ids.of(short);
  const step: DraftStep = {
    id,
    title,
    prose: withoutBlock(task.prose, keys.run),
    from: `${maker.file}:${task.line}`,
    keys: {
      ...keys,
      ...(task.struck
        ? { 'not-needed': `struck out in ${maker.file}` }
        : task.ticked && { already: `ticked in ${maker.file}, ${maker.date}` }),
      ...((task.optional || (task.held === 'condition' && Object.hasOwn(keys, 'copy'))) && { optional: true }),
      ...(!task.ticked && !task.struck && isFinal(`${task.text}\n${task.prose}`) && { irreversible: id }),
      ...(task.who !== undefined && { who: task.who }),
    },
  };
  return { step, asked, ...(note !== undefined && { note }) };
}

/** The block of commands that the step runs as it stands is shown with the step. */
const withoutBlock = (prose: string, run: Json | undefined): string =>
  prose.replace(/^(`{3,}|~{3,})[^\n`]*\n([\s\S]*?)\n\1[ \t]*$/m, (block, _, code: string) =>
    code === run ? '' : block,
  );

export function questionOf(task: Task, maker: Maker): Made {
  const text = plain(task.text).replace(/^Q\d+\s*(\([^)]*\))?\s*:\s*/, '');
  const title = titleOf(text);
  return {
    asked: [],
    step: {
      id: maker.ids.of(title),
      title,
      prose: task.prose,
      from: `${maker.file}:${task.line}`,
      keys: { question: unread(text) || title, ...(task.who !== undefined && { who: task.who }) },
    },
  };
}

interface Form {
  readonly keys: Keys;
  readonly asked: readonly Placeholder[];
  readonly note?: string;
}

function formOf(task: Task, maker: Maker): Form {
  const written = task.code.length > 0 ? task.code : spansToDo(task.text);
  if (task.held !== undefined) return byHand(task, written, HELD[task.held]);
  const commands = written.map(maker.marked);
  if (fills(task, commands) && maker.names) {
    const app = maker.app ?? '<app>';
    return { keys: { uses: 'secrets/fill', with: { app: withInputs(app) } }, asked: placeholdersIn(app) };
  }
  const [command] = commands;
  const said = task.expected === undefined ? task.text : `${task.text} returns ${task.expected}`;
  const known =
    commands.length === 1 && command !== undefined
      ? knownKind(task.ticked ? made(command) : command, { app: maker.app, said })
      : lookedAt(task, maker);
  if (known && !(task.looks && known.uses !== 'http/response'))
    return { keys: { uses: known.uses, with: known.with }, asked: known.asked };
  const run =
    commands.length === 1 && command !== undefined && !task.looks && !task.ticked && !task.struck
      ? runnable(command, task)
      : undefined;
  if (!run) return byHand(task, commands);
  const env = Object.keys(run.env).length > 0 && { env: run.env };
  const confirm = destroys(run.run) && { confirm: DESTROYS };
  return { keys: { run: run.run, ...env, ...confirm }, asked: run.asked };
}

const DESTROYS = 'This removes or overwrites what is there. Run it?';

/** Commands in backticks, without those that the sentence forbids. */
const spansToDo = (text: string): readonly string[] =>
  sentencesOf(text).flatMap((sentence) => {
    const spans = codeSpans(sentence).filter(isLikeCommand);
    return spans.filter((span) => !isForbidden(sentence.slice(0, sentence.indexOf(span))));
  });

/** Why a command that could be run is not. */
const HELD: Readonly<Record<Held, string>> = {
  condition: 'it is done only under a condition: `if` can hold one',
  later: 'it is for later than the rest',
  loop: 'it is done several times: write a step for each',
  unsure: 'nothing says that it is to be done in this launch: make it `run` where it is',
};

/** What it once made interactively is there, and can be looked at. */
const made = (command: string): string => command.replace(/^((?:fly|flyctl)) launch\b.*$/, '$1 apps create');

/** curl does not fail at an answer that is wrong, and so would prove nothing. */
const runnable = (command: string, { code }: Task): Command | undefined =>
  /\bcurl\b/.test(command) || hasCases(command) ? undefined : readCommand(command, { shell: code.length > 0 });

const fills = ({ text, ticked, looks }: Task, commands: readonly string[]): boolean =>
  !ticked &&
  !looks &&
  (commands.some((one) => /\b(fly|flyctl) secrets set\b/.test(one)) ||
    /`(fly|flyctl) secrets set\b/.test(text) ||
    /^(set|configure|fill|add)\b.*\bfly secrets\b/i.test(plain(text)));

/** "`https://…/health` returns 200": asked, not believed. */
function lookedAt({ text, code }: Task, { marked }: Maker): Known | undefined {
  const urls = codeSpans(text)
    .filter((span) => /^https?:\/\//.test(span))
    .map(marked);
  const [url] = urls;
  if (
    code.length > 0 ||
    urls.length !== 1 ||
    url === undefined ||
    !/\b(returns?|responds?|answers?|reachable|→|200)\b|→/.test(text)
  )
    return undefined;
  return knownAnswer(url, text);
}

function byHand(task: Task, commands: readonly string[], held?: string): Form {
  const wait = /^wait (?:for )?(\d+) ?(seconds?|s|minutes?|min|m|hours?|h|days?|d)\b/i.exec(plain(task.text));
  if (wait && task.held !== 'condition')
    return { keys: { wait: `${wait[1]}${wait[2]?.charAt(0).toLowerCase()}` }, asked: [] };
  const shown = task.ticked || task.struck ? [] : commands.filter((one) => !one.includes('${{')).map(typed);
  // What is done several times has another value each time; what is perhaps not done has none when the launch begins.
  const asks = task.held !== 'loop' && task.held !== 'condition';
  const copy = Object.fromEntries(
    shown.map((one, at) => [at === 0 ? 'Command' : `Command ${at + 1}`, asks ? withInputs(one) : one]),
  );
  const open = onlyPage(task.prose);
  return {
    keys: { manual: true, ...(open !== undefined && { open }), ...(shown.length > 0 && { copy }) },
    asked: asks ? shown.flatMap(placeholdersIn) : [],
    ...(shown.length > 0 && !task.looks && { note: held ?? whyNot(shown) }),
  };
}

function whyNot(commands: readonly string[]): string {
  if (commands.length > 1) return 'several commands: cut it into steps, or keep it for a person';
  const [command = ''] = commands;
  if (hasCases(command)) return 'not all of it is to be run: a comment in it says so';
  if (isPartial(command)) return 'something is left out of the command';
  if (!isCommand(command)) return 'launch does not know the program: make it `run` where it ends by itself';
  return /\bcurl\b/.test(command)
    ? 'curl ends well also when the answer is wrong: `uses: http/request` would prove it'
    : 'the command waits for somebody who types, or goes on';
}

/** The one page that the text leads to. */
function onlyPage(prose: string): string | undefined {
  const pages = new Set([...prose.matchAll(/https?:\/\/[^\s<>()`"'\]]+[^\s<>()`"'\].,;:]/g)].map(([url]) => url));
  const [page] = pages;
  return pages.size === 1 &&
    page !== undefined &&
    !/[${}|…]|\.\.\.|\/\/(localhost|127\.)|\.internal\b/.test(page) &&
    URL.canParse(page)
    ? page
    : undefined;
}
