// Which face a sitting has: a wizard on a terminal, plain lines, JSON for programs; and who answers when nobody is there.
import type { Face } from '../engine/face.ts';
import type { Json } from '../step.ts';
import { diskFiles } from '../system/files.ts';
import { createHeadlessFace, withAnswers } from '../ui/headless.ts';
import { createJsonFace } from '../ui/json.ts';
import { createLineAsker } from '../ui/line-asker.ts';
import type { Outline } from '../ui/outline.ts';
import { createPlainFace } from '../ui/plain.ts';
import { keyboardOf, screenOf } from '../ui/terminal.ts';
import { createTheme, styleFor } from '../ui/theme.ts';
import { type Flags, pairs } from './flags.ts';
import { type Io, UsageError } from './io.ts';

export interface Faces {
  readonly face: Face;
  close(): void;
}

/** Is there a person: stdin and stderr are terminals, and nobody said otherwise. */
export const isPresent = (io: Io, flags: Flags): boolean =>
  Boolean(io.stdin.isTTY && io.stderr.isTTY && !flags['non-interactive'] && !flags.json);

const realClock = {
  now: () => new Date(),
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      const over = () => {
        clearTimeout(timer);
        resolve();
      };
      signal?.addEventListener('abort', over, { once: true });
    }),
};

/** What is shown, without anyone who answers. */
export function shownFace(io: Io, flags: Flags, runbook: Outline): Face {
  if (flags.json) return createJsonFace({ write: (text) => void io.stdout.write(text) });
  const screen = screenOf(io.stderr);
  const theme = createTheme(
    styleFor({
      env: io.env,
      terminal: Boolean(io.stderr.isTTY),
      columns: io.stderr.columns,
      noColor: flags['no-color'],
      plain: flags.plain,
    }),
  );
  return createPlainFace({ out: screen, theme, outline: runbook, clock: realClock });
}

export async function facesFor(io: Io, flags: Flags, runbook: Outline, again: string): Promise<Faces> {
  const answers = await readAnswers(io, flags);
  const yes = flags.yes ?? false;
  if (!isPresent(io, flags))
    return { face: createHeadlessFace({ shown: shownFace(io, flags, runbook), answers, yes, again }), close: () => {} };
  const style = styleFor({
    env: io.env,
    terminal: true,
    columns: io.stderr.columns,
    noColor: flags['no-color'],
    plain: flags.plain,
  });
  const theme = createTheme(style);
  const screen = screenOf(io.stderr);
  const keyboard = keyboardOf(io.stdin, io.interrupt);
  const { lexProse } = await import('../document/prose.ts');
  if (style.plain) {
    const face = createPlainFace({
      out: screen,
      theme,
      outline: runbook,
      clock: realClock,
      ask: createLineAsker({ out: screen, keyboard }),
      lex: lexProse,
    });
    return { face: withAnswers(face, answers, yes), close: () => {} };
  }
  const { createWizard } = await import('../ui/wizard.ts');
  const wizard = createWizard({
    screen,
    keyboard,
    theme,
    outline: runbook,
    clock: realClock,
    lex: lexProse,
    bell: !io.env.CI,
  });
  return { face: withAnswers(wizard, answers, yes), close: () => wizard.close() };
}

/** `--answers FILE` and `--input name=value`, by question id. */
export async function readAnswers(io: Io, flags: Flags): Promise<Readonly<Record<string, Json>>> {
  const inputs = Object.fromEntries(
    Object.entries(pairs('input', flags.input)).map(([name, value]) => [`inputs.${name}`, value]),
  );
  if (flags.answers === undefined) return inputs;
  const text = await diskFiles(io.cwd).read(flags.answers);
  if (text === undefined)
    throw new UsageError(
      `--answers: there is no file ${flags.answers}`,
      'write it as YAML or JSON: inputs.app: solserver-prod',
    );
  const { parse } = await import('yaml');
  const parsed: unknown = parse(text, { maxAliasCount: 0 });
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw new UsageError(
      `--answers: ${flags.answers} is no map of question ids to values`,
      'one line an answer, like inputs.app: solserver-prod',
    );
  // What YAML or JSON parses to is Json.
  return { ...(parsed as Record<string, Json>), ...inputs };
}
