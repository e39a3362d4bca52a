// Which face a sitting has: a wizard on a terminal, plain lines, JSON for programs; and who answers when nobody is there.
import type { Face } from '../engine/face.ts';
import { createHeadlessFace, withAnswers } from '../ui/headless.ts';
import { createJsonFace } from '../ui/json.ts';
import { createLineAsker } from '../ui/line-asker.ts';
import type { Outline } from '../ui/outline.ts';
import { createPlainFace } from '../ui/plain.ts';
import { keyboardOf } from '../ui/terminal.ts';
import { createTheme } from '../ui/theme.ts';
import { inTerminal } from './again.ts';
import type { Answers } from './answers.ts';
import type { Flags } from './flags.ts';
import { type Io, isPresent } from './io.ts';
import { styleOf, themeOf } from './style.ts';

export interface Faces {
  readonly face: Face;
  close(): void;
}

const realClock = {
  now: () => new Date(),
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      const over = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', over);
        resolve();
      };
      const timer = setTimeout(over, ms);
      signal?.addEventListener('abort', over, { once: true });
    }),
};

/** What is shown, without anyone who answers. */
export function shownFace(io: Io, flags: Flags, runbook: Outline): Face {
  if (flags.json) return createJsonFace(io.stdout);
  const theme = themeOf(io, flags, io.stderr);
  return createPlainFace({ out: io.stderr, theme, outline: runbook, clock: realClock });
}

interface Sitting {
  readonly outline: Outline;
  /** What goes on, as the person typed it. */
  readonly again: string;
  readonly answers?: Answers;
}

export async function facesFor(io: Io, flags: Flags, { outline, again, answers = {} }: Sitting): Promise<Faces> {
  const yes = flags.yes ?? false;
  if (!isPresent(io, flags))
    return {
      face: createHeadlessFace({ shown: shownFace(io, flags, outline), answers, yes, again: inTerminal(again) }),
      close: () => {},
    };
  const style = styleOf(io, flags, io.stderr);
  const theme = createTheme(style);
  const keyboard = keyboardOf(io.stdin, io.interrupt);
  const { lexProse } = await import('../document/prose.ts');
  if (style.plain) {
    const face = createPlainFace({
      out: io.stderr,
      theme,
      outline,
      clock: realClock,
      ask: createLineAsker({ out: io.stderr, keyboard }),
      lex: lexProse,
    });
    return { face: withAnswers(face, answers, yes), close: () => {} };
  }
  const { createWizard } = await import('../ui/wizard.ts');
  const wizard = createWizard({
    screen: io.stderr,
    keyboard,
    theme,
    outline,
    clock: realClock,
    lex: lexProse,
    bell: !io.env.CI,
  });
  return { face: withAnswers(wizard, answers, yes), close: () => wizard.close() };
}
