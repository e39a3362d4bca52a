// A small program for terminal tests: plays one scene with the wizard and says at the end what was answered.
import { spawnSync } from 'node:child_process';
import { lexer } from 'marked';
import type { Card, Face } from '../../src/engine/face.ts';
import type { Question } from '../../src/question.ts';
import type { Clock } from '../../src/system/ports.ts';
import { createLineAsker } from '../../src/ui/line-asker.ts';
import { createPlainFace } from '../../src/ui/plain.ts';
import { createOutput, keyboardOf } from '../../src/ui/terminal.ts';
import { createTheme, styleFor } from '../../src/ui/theme.ts';
import { createWizard } from '../../src/ui/wizard.ts';

const [scene = '', mode = ''] = process.argv.slice(2);

// Each look at this clock is a second later, so that keys are never too early; `frozen`: always too early.
let at = Date.UTC(2026, 10, 22, 9);
const clock: Clock = {
  now: () => new Date((at += mode === 'frozen' ? 0 : 1000)),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (ms === 0) setImmediate(resolve);
      else signal?.addEventListener('abort', () => resolve(), { once: true });
    }),
};
const style = styleFor({
  env: process.env,
  terminal: process.stderr.isTTY,
  columns: process.stderr.columns,
  plain: mode === 'plain',
});
const theme = createTheme(style);
const outline = { title: 'Launch', steps: [{ id: 'dns', title: 'Point DNS', phase: 'Backend on Fly.io' }] };
const screen = createOutput(process.stderr);
const keyboard = keyboardOf(process.stdin);
const wizard = createWizard({ screen, keyboard, theme, outline, clock, lex: lexer, bell: false });
const face: Face = style.plain
  ? createPlainFace({ out: screen, theme, outline, clock, ask: createLineAsker({ out: screen, keyboard }) })
  : wizard;

const seen = new AbortController();
const ask = (question: Question) => face.ask(question, { signal: seen.signal, step: 'dns' });

const card: Card = {
  id: 'dns',
  title: 'Point DNS \x1b]0;owned\x07\x1b[2Jhere',
  phase: 'Backend on Fly.io',
  position: 12,
  total: 38,
  prose:
    'Add **one** record at [Cloudflare](https://dash.cloudflare.com).\n\n- proxy *off*\n- TTL `auto`, and a long line that must be wrapped between its words on any terminal\n',
  who: 'jam',
  commands: ['fly certs add api.sollabs.com --app solserver-prod'],
  open: 'https://dash.cloudflare.com',
  copy: [
    { label: 'Type', value: 'CNAME' },
    { label: 'Target', value: 'x.fly.dev' },
  ],
  waiting: ['Certificate issued'],
};

const work: Question = {
  id: 'steps.dns.work',
  type: 'choice',
  about: 'work',
  message: 'Do this; it is looked at meanwhile.',
  default: 'done',
  options: [
    { value: 'done', label: 'I have done it' },
    { value: 'open', key: 'o', label: 'open the page' },
    { value: 'copy', key: 'y', label: 'copy the next value' },
    { value: 'look', key: 'c', label: 'look now' },
    { value: 'later', key: 'w', label: 'go on with other steps meanwhile' },
    { value: 'by-hand', key: 'd', label: 'done by hand' },
    { value: 'skip', key: 's', label: 'skip', hint: '"Certificate" then goes on without it' },
  ],
};

const scenes: Record<string, () => Promise<unknown>> = {
  card: async () => {
    face.card(card);
    return ask(work);
  },
  choice: () => ask(work),
  text: () =>
    ask({ id: 'inputs.app', type: 'text', message: 'Fly app name', default: 'solserver-prod', pattern: '[a-z-]+' }),
  secret: async () => ({
    length: JSON.stringify(await ask({ id: 'secrets.a.KEY', type: 'secret', message: 'KEY for solserver-prod' }))
      .length,
  }),
  pem: async () => {
    const answer = await ask({ id: 'secrets.a.PEM', type: 'secret', message: 'PEM' });
    return 'value' in answer ? { lines: answer.value.split('\n').length } : answer;
  },
  confirm: () => ask({ id: 'steps.dns.confirm', type: 'confirm', message: 'Submit for review?' }),
  name: () =>
    ask({ id: 'steps.dns.name', type: 'name', message: 'This cannot be taken back.', name: 'solserver-prod' }),
  list: () =>
    ask({
      id: 'inputs.n',
      type: 'choice',
      about: 'value',
      message: 'Which?',
      options: Array.from({ length: 12 }, (_, n) => ({ value: `v${n}`, label: `value ${n}` })),
    }),
  open: () =>
    ask({
      ...{ id: 'steps.where.answer', type: 'choice', about: 'way', message: 'Where?' },
      options: [
        { value: 'eu', label: 'Europe' },
        { value: 'us', label: 'America' },
      ],
    }),
  hostile: () => ask({ id: 'inputs.x', type: 'text', message: 'clear \x1b[2J bell \x07 cr\rX title \x1b]0;owned\x07' }),
  restored: async () => {
    await ask(work);
    wizard.close();
    return spawnSync('stty', ['-a'], { stdio: ['inherit', 'pipe', 'inherit'], encoding: 'utf8' }).stdout;
  },
  two: async () => [await ask(work), await ask({ ...work, id: 'second', message: 'And now?' })],
  meanwhile: async () => {
    const answer = ask(work);
    process.stdin.once('data', () => face.tell(['A line from elsewhere']));
    process.on('SIGUSR2', () => seen.abort());
    return answer;
  },
  working: async () => {
    const working = face.working('dns', 'Deploy');
    working.output(Buffer.from('building\r\n10%\r50%\r100%\nimage pushed \x1b[31mred\n'));
    working.say('not yet (4m left): expected 200, seen 502');
    const answer = await ask(work);
    working.stop();
    face.tell(['after the work']);
    return answer;
  },
};

const answer = await scenes[scene]?.();
wizard.close();
process.stderr.write(`\nRESULT ${JSON.stringify(answer)}\n`);
