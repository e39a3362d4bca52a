// The record as one page that stands by itself: to read, to print, to attach. What it says is the Markdown record, nothing else.
import type { LaunchEvent } from '../engine/events.ts';
import type { RunState } from '../engine/state.ts';
import type { Runbook } from '../runbook/model.ts';
import { htmlEscaped, safeLine } from '../text/escape.ts';
import { renderRecord } from './markdown.ts';

export type ToHtml = (markdown: string) => string;

export const htmlRecord =
  (toHtml: ToHtml) =>
  (runbook: Runbook, events: readonly LaunchEvent[], state: RunState): string => {
    const [, frontMatter = '', body = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(renderRecord(runbook, events, state)) ?? [];
    // A wide table scrolls by itself, and the page does not.
    const article = toHtml(body)
      .replaceAll('<table>', '<div class="table" tabindex="0"><table>')
      .replaceAll('</table>', '</table></div>');
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="launchbook">
<title>${text(`${runbook.title}: launch record`)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${article}</main>
<details>
<summary>For programs</summary>
<pre>${text(frontMatter, '\n')}</pre>
</details>
</body>
</html>
`;
  };

const text = (given: string, between = ' '): string => htmlEscaped(given.split('\n').map(safeLine).join(between));

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2rem; } h3 { font-size: 1rem; }
.table { overflow-x: auto; margin: 1rem 0; } table { border-collapse: collapse; min-width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #8886; min-width: 6rem; }
code, pre { font: .875em/1.45 ui-monospace, monospace; } pre { overflow-x: auto; padding: .75rem; background: #8882; }
blockquote { margin: 1rem 0; padding: .25rem 1rem; border-left: .3rem solid #c60; }
summary { cursor: pointer; margin-top: 2rem; }
@media print { body { max-width: none; font-size: 10pt; padding: 0; } tr, pre { break-inside: avoid; } details { display: none; } }
`;
