// The prose of a runbook on a terminal.
import { lexer } from 'marked';
import { expect, test } from 'vitest';
import { cardLines, proseLines } from '../../src/ui/card-lines.ts';
import { renderMarkdown } from '../../src/ui/markdown.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { cells } from '../../src/ui/width.ts';

const plain = createTheme({ colour: false, unicode: false });
const render = (markdown: string, width = 40) =>
  renderMarkdown(markdown, { lex: lexer, theme: plain, width }).join('\n');

test('paragraphs are wrapped, lists hang, tasks keep their boxes, comments are not shown', () => {
  const markdown = [
    'A **strong** and *soft* sentence with `code` that is longer',
    'than a line.',
    '',
    '<!-- create-app -->',
    '- one item that goes on to the next line',
    '  - inner',
    '- [ ] open task',
    '- [x] closed task',
    '',
    '3. third',
    '4. fourth',
    '',
    '> quoted',
  ].join('\n');
  expect(render(markdown)).toMatchInlineSnapshot(`
    "A strong and soft sentence with \`code\`
    that is longer than a line.

    - one item that goes on to the next line
      - inner
    - [ ] open task
    - [x] closed task

    3. third
    4. fourth

    | quoted"
  `);
});

test('code is never broken, so that it can be copied', () => {
  const command = 'fly deploy --app solserver-prod --config fly.prod.toml --ha=false';
  expect(render(`\`\`\`sh\n${command}\n\`\`\``, 20)).toBe(`  | ${command}`);
});

test('links show where they lead', () => {
  expect(render('[Cloudflare](https://dash.cloudflare.com) and https://fly.io', 80)).toBe(
    'Cloudflare (https://dash.cloudflare.com) and https://fly.io',
  );
});

test('a table has columns where they fit, else a line for each value', () => {
  const table = '| Name | Value |\n|---|---|\n| Type | CNAME |\n| Target | solserver-prod.fly.dev |';
  expect(render(table)).toBe(
    'Name    Value\n------  ----------------------\nType    CNAME\nTarget  solserver-prod.fly.dev',
  );
  expect(render(table, 26)).toBe('Name: Type\nValue: CNAME\nName: Target\nValue:\n  solserver-prod.fly.dev');
});

test('control sequences in prose, code and links are seen, not obeyed', () => {
  const evil = '\x1b]0;owned\x07';
  const shown = render(
    `# ${evil}\n\ntext ${evil} \`${evil}\` [a](<https://x/${evil}>)\n\n    ${evil}\n\n| ${evil} |\n|---|\n| b |\n\n<b>${evil}</b>`,
  );
  expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
  expect(shown).toContain('^[]0;owned^G');
});

test('prose that cannot be taken apart is shown as written', () => {
  const lex = () => {
    throw new RangeError('Maximum call stack size exceeded');
  };
  expect(proseLines('> > deep', { theme: plain, width: 40, lex })).toEqual(['> > deep']);
});

test('what a step costs and how long it takes are two facts', () => {
  const card = {
    id: 'a',
    title: 'A',
    phase: 'P',
    position: 1,
    total: 1,
    prose: '',
    commands: [],
    copy: [],
    waiting: [],
  };
  const lines = cardLines({ ...card, costs: '$2', takes: '5 minutes' }, { theme: plain, width: 40, lex: lexer });
  expect(lines.map((line) => line.trim())).toEqual(expect.arrayContaining(['costs   $2', 'takes   5 minutes']));
});

test.each([80, 50, 20, 1])('a card of %i columns has no line that is too wide but for what is copied', (width) => {
  const card = {
    id: 'dns',
    title: 'Point the production domain at Fly, and wait until everybody sees it',
    phase: 'Backend on Fly.io, first part',
    position: 12,
    total: 38,
    prose: 'Some words of prose that go on for longer than one line has room for.',
    who: 'jam',
    describes: 'CNAME of api.sollabs.com is solserver-prod.fly.dev at every server',
    commands: [],
    costs: 'about $2 a month',
    takes: '2m',
    account: 'jam@example.com in sollabs',
    copy: [],
    waiting: ['Certificate issued', 'Build processed'],
  };
  for (const line of cardLines(card, { theme: createTheme({ colour: true, unicode: true }), width, lex: lexer }))
    expect(cells(line), line).toBeLessThanOrEqual(Math.max(width, width < 20 ? 24 : 0));
});

test('what the phase says stands between its line and the step', () => {
  const card = {
    ...{ id: 'a', title: 'Build', phase: 'Before', opening: 'Real **money**.', position: 1, total: 2, prose: 'Words.' },
    ...{ commands: [], copy: [], waiting: [] },
  };
  expect(cardLines(card, { theme: plain, width: 24, lex: lexer })).toEqual([
    '',
    '-- Before --------------',
    '  Real money.',
    '',
    '1/2 Build',
    '  Words.',
  ]);
});
