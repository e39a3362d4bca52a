// The title of a runbook for lists: read from the head of the file without a YAML parser, which would cost more than the list.

/** `head`: the first 4 kB or so. undefined where the title is written in a way that needs a parser, or is not there. */
export function readTitle(head: string): string | undefined {
  const text = head.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const front = /^---[ \t]*\n([\s\S]*?)(?:^---[ \t]*$|$(?![\s\S]))/m.exec(text)?.[1];
  if (front === undefined) return undefined;
  const written = /^title:[ \t]+(.*?)[ \t]*$/m.exec(front)?.[1];
  if (written === undefined) return /^#[ \t]+(.+?)[ \t#]*$/m.exec(text.slice(front.length))?.[1];
  return unquote(written);
}

function unquote(written: string): string | undefined {
  const double = /^"((?:[^"\\]|\\["\\/])*)"(?:\s+#.*)?$/.exec(written)?.[1];
  if (double !== undefined) return double.replace(/\\(.)/g, '$1');
  const single = /^'((?:[^']|'')*)'(?:\s+#.*)?$/.exec(written)?.[1];
  if (single !== undefined) return single.replaceAll("''", "'");
  if (/^["'|>&*!%@`[{]/.test(written)) return undefined;
  return written.replace(/\s+#.*$/, '') || undefined;
}
