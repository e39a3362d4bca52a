// The record as a page, read by a browser: it says what the Markdown record says, loads and runs nothing, and fits a small screen.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { htmlOf } from '../../src/document/html.ts';
import type { LaunchEvent } from '../../src/engine/events.ts';
import { evolve } from '../../src/engine/evolve.ts';
import { recordedEvent } from '../../src/record/check.ts';
import { htmlRecord } from '../../src/record/html.ts';
import type { Runbook } from '../../src/runbook/model.ts';
import { chain } from '../engine/chain.ts';
import { events, hostile, launch, runbook, step } from './sample.ts';

const pageOf = (of: Runbook, told: readonly LaunchEvent[]): string => htmlRecord(htmlOf)(of, told, evolve(told));

const browser = ['chromium', 'chromium-browser', 'google-chrome'].find((name) => {
  try {
    return execFileSync(name, ['--version'], { stdio: 'pipe' }).length > 0;
  } catch {
    return false;
  }
});

/** Stands for each `${NAME}` of a page around the record, which looks at it from outside: nothing runs inside. */
const OUTSIDE = `<!doctype html><iframe style="width:WIDTHpx;height:2000px;border:0"></iframe><pre></pre><script>
const frame = document.querySelector('iframe');
frame.onload = () => {
  const inside = frame.contentDocument;
  const texts = (of, selector) => [...of.querySelectorAll(selector)].map((one) => one.textContent.trim());
  document.querySelector('pre').textContent = JSON.stringify({
    title: inside.title,
    headings: texts(inside, 'h1, h2, h3'),
    rows: [...inside.querySelectorAll('tr')].map((row) => texts(row, 'th, td')),
    wide: inside.documentElement.scrollWidth > inside.documentElement.clientWidth,
    active: texts(inside, 'script, img, iframe, object, form, [onerror], [onclick]').length,
    links: [...inside.querySelectorAll('a')].map((one) => one.href),
    ran: frame.contentWindow.ran === true,
  });
  frame.remove();
};
frame.srcdoc = PAGE;
</script>`;

interface Seen {
  readonly title: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly wide: boolean;
  readonly active: number;
  readonly links: readonly string[];
  readonly ran: boolean;
}

function seenBy(page: string, width: number): Seen {
  const folder = mkdtempSync(join(tmpdir(), 'launchbook-page-'));
  const file = join(folder, 'outside.html');
  const quoted = JSON.stringify(page).replaceAll('<', '\\u003c');
  writeFileSync(
    file,
    OUTSIDE.replace('WIDTH', String(width)).replace('PAGE', () => quoted),
  );
  const dom = execFileSync(
    browser ?? '',
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      `--user-data-dir=${folder}`,
      '--virtual-time-budget=5000',
      '--dump-dom',
      `file://${file}`,
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 60_000 },
  );
  const [, text = ''] = /<pre>(.*?)<\/pre>/s.exec(dom) ?? [];
  return JSON.parse(text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
}

// Where there is no browser (apt-get install chromium), what it would see is not known.
describe.skipIf(browser === undefined)('in a browser', () => {
  test('it has the title, the sections and the steps of the record, and its links are of the web', () => {
    const seen = seenBy(pageOf(launch, events), 1200);
    expect(seen.title).toBe('SolOS v0 production launch: launch record');
    expect(seen.headings).toEqual(expect.arrayContaining(['Summary', 'Steps', 'Secrets', 'Notes']));
    expect(seen.rows).toContainEqual(expect.arrayContaining(['Create the Fly app create-app']));
    expect(seen.rows).toContainEqual(expect.arrayContaining(['Deploy solserver-prod deploy']));
    expect(seen.links).toContain('https://example.com/shot_1.png');
    expect(seen.links.every((link) => /^https?:/.test(link))).toBe(true);
  });

  test.each([390, 1200])('the page does not scroll sideways at %i pixels; a wide table does by itself', (width) => {
    expect(seenBy(pageOf(launch, events), width).wide).toBe(false);
  });

  test('nothing of what people wrote is run, loaded or hidden', () => {
    const attacks = [
      ...hostile,
      '<img src=x onerror="parent.ran=ran=true">',
      '</style><script>ran=true</script>',
      '"><svg onload=ran=true>',
    ];
    const told = chain(...attacks.map((text) => ({ type: 'note.added', text, by: text }) as const));
    const seen = seenBy(
      pageOf(runbook([step('a', { title: attacks.join(' ') })], { title: attacks.join(' ') }), told),
      800,
    );
    expect({ active: seen.active, ran: seen.ran }).toEqual({ active: 0, ran: false });
    expect(seen.links.filter((link) => !/^https?:/.test(link))).toEqual([]);
    const notes = seen.rows.map((cells) => cells.at(-1));
    for (const text of [
      '<script>alert(1)</script>',
      '<!-- hidden -->',
      'a | b',
      '&lt; &amp; &#60;',
      '**bold** _em_ __strong__ ~~gone~~ snake_case_name',
    ])
      expect(notes).toContain(text);
  });
});

test('a page is known as the record of its journal, as of its event, and a changed one is not', () => {
  const page = pageOf(launch, events);
  const render = htmlRecord(htmlOf);
  expect(recordedEvent(launch, events, page, render)).toBe(events.length);
  expect(recordedEvent(launch, events, page.replace('Ben is on holiday', 'Ben was here'), render)).toBeUndefined();
});

test('it names nothing to load: no file, no font, no script', () => {
  const page = pageOf(launch, events);
  expect(page).toContain("default-src 'none'");
  expect(page.match(/\s(src|srcset|action)=|@import|url\(/g)).toBeNull();
});
