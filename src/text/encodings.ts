// One text as programs write it down: base64, hex, and the escapes of addresses, JSON, shells, XML and HTML.

/** Every byte sequence that stands for the text, the plain one among them. */
export function* encodingsOf(part: string): Generator<Buffer> {
  const raw = Buffer.from(part);
  yield raw;
  for (const text of base64Of(raw)) {
    yield Buffer.from(text);
    for (const [written, ...letters] of BASE64_WRITTEN)
      yield Buffer.from(text.replace(written, (letter) => letters['+/='.indexOf(letter)] ?? letter));
  }
  const hex = raw.toString('hex');
  yield Buffer.from(hex);
  yield Buffer.from(hex.toUpperCase());
  if (/^[A-Za-z0-9]*$/.test(part)) return; // Nobody escapes any of these.
  for (const text of escapesOf(part)) yield Buffer.from(text);
}

/** Base64 inside a longer text: at each alignment the characters that no neighbour changes; then the whole alone, also wrapped. */
function* base64Of(raw: Buffer): Generator<string> {
  for (let before = 0; before < 3; before++) {
    const all = Buffer.concat([Buffer.alloc(before), raw, Buffer.alloc(2)]).toString('base64');
    yield all.slice(Math.ceil((before * 8) / 6), Math.floor(((before + raw.length) * 8) / 6));
  }
  const alone = raw.toString('base64');
  yield alone;
  yield alone.replaceAll('=', '');
  for (const width of WRAPS) {
    for (let at = 0; at < alone.length && alone.length > width; at += width) yield alone.slice(at, at + width);
  }
}

function* escapesOf(part: string): Generator<string> {
  for (const text of percentOf(part)) {
    for (const either of [text, text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]) {
      yield either;
      yield either.replaceAll('%', '%25'); // An address inside an address.
    }
  }
  const json = JSON.stringify(part).slice(1, -1);
  const ascii = json.replace(/[^\x20-\x7e]/g, (c) => '\\u' + codeOf(c));
  yield json;
  yield ascii;
  // Go escapes these three in JSON, and flyctl is Go.
  yield json.replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
  yield json.replace(/[<>&=']/g, (c) => '\\u' + codeOf(c)); // Gson
  const inNet = json.replaceAll('\\"', '\\u0022'); // .NET
  yield inNet.replace(/[&'<>+`]|[^\x20-\x7e]/g, (c) => '\\u' + codeOf(c).toUpperCase());
  yield json.replaceAll('/', '\\/');
  yield ascii.replaceAll('/', '\\/');
  yield JSON.stringify(json).slice(1, -1); // JSON inside JSON, as in logs of logs
  // As Python, Node and Ruby print a text, and bash in `$'…'`: only their own quote is escaped.
  const inspected = json.replace(/\\(.)/g, (both, escaped: string) => (escaped === '"' ? '"' : both));
  yield inspected;
  yield inspected.replaceAll("'", "\\'");
  yield json.replace(/#(?=[{$@])/g, '\\#');
  yield part.replaceAll("'", `'\\''`);
  yield part.replaceAll("'", `'"'"'`);
  yield part.replace(/["\\$`]/g, '\\$&');
  yield part.replaceAll('"', '\\"');
  yield part.replaceAll("'", "''"); // SQL, YAML
  yield part.replaceAll('"', '""'); // CSV
  yield part.replace(/[^A-Za-z0-9_\-.,:+/@=%]/g, '\\$&'); // printf %q
  const xml = part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  yield xml;
  yield xml.replaceAll('"', '&quot;');
  yield xml.replaceAll('"', '&quot;').replaceAll("'", '&#x27;');
  yield xml.replaceAll('"', '&quot;').replaceAll("'", '&apos;');
  yield xml.replaceAll('"', '&quot;').replaceAll("'", '&#39;');
  yield xml.replaceAll('"', '&#34;').replaceAll("'", '&#39;');
  const html = xml.replaceAll('"', '&quot;').replaceAll("'", '&#39;');
  const hex = (c: string) => `&#x${c.charCodeAt(0).toString(16).toUpperCase()};`;
  yield html.replace(/[/`=]/g, hex); // Mustache
  yield xml.replaceAll('"', '&quot;').replace(/['`=]/g, hex); // Handlebars
  yield xml.replace(/["'+]/g, (c) => `&#${c.charCodeAt(0)};`); // Go
  yield part.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** In an address or a form: each language has its own list of what may stand as it is, beside letters and digits. */
function* percentOf(part: string): Generator<string> {
  const lists = new Set(KEPT_IN_URLS.map((kept) => [...kept].filter((mark) => part.includes(mark)).join('')));
  const sent = Buffer.from(part).toString(); // A lone surrogate is sent as U+FFFD.
  for (const kept of lists) {
    const text = percented(sent, kept);
    yield text;
    yield text.replaceAll('%20', '+');
  }
}

const percented = (text: string, kept: string): string =>
  text.replace(/[^A-Za-z0-9]+/g, (marks) =>
    [...marks]
      .map((mark) => (kept.includes(mark) ? mark : UNTOUCHED.test(mark) ? percent(mark) : encodeURIComponent(mark)))
      .join(''),
  );

/** What `encodeURIComponent` leaves as it is. */
const UNTOUCHED = /[-_.!~*'()]/;
const percent = (c: string): string => `%${c.charCodeAt(0).toString(16).toUpperCase()}`;

/** Four digits of hex, as escapes have them. */
const codeOf = (character: string): string => character.charCodeAt(0).toString(16).padStart(4, '0');

/** Of base64: what stands for `+`, `/` and `=` in an address, in JSON (PHP; .NET). */
const BASE64_WRITTEN: readonly (readonly [RegExp, ...string[]])[] = [
  [/[+/]/g, '-', '_'],
  [/[+/=]/g, '%2B', '%2F', '%3D'],
  [/[+/=]/g, '%2b', '%2f', '%3d'],
  [/[+=]/g, '%2B', '/', '%3D'],
  [/[/]/g, '+', '\\/'],
  [/[+]/g, '\\u002B'],
  [/[+=]/g, '\\u002b', '/', '\\u003d'],
];

/** What stands as it is beside letters and digits. */
const KEPT_IN_URLS = [
  "-_.!~*'()", // encodeURIComponent
  '-_.~', // RFC 3986; Go, PHP, Python 3.7
  '-_.~/', // Python's quote
  '-_.', // PHP's urlencode
  '-_.*', // HTML forms, Java
  "-_.!~*'();/?:@&=+$,#", // encodeURI
  "-_.!~*'()$&+,;=:@", // part of a path
  '-_.~$&+=:@', // Go's part of a path
  '-_.~$&+,;=', // Go's password
  "-_.!~*'()$&+,%", // URL of JavaScript: a password
  "-_.!~*'()$&+,;=:@/%[]^|", // a path
  '-_.!~*()$&+,;=:@/?%[\\]^`{|}', // a query
  "-_.!~*'()$&+,;=:@/?%[]#", // Python's requests
];

/** Widths at which base64 is commonly broken into lines (PEM, openssl; MIME, coreutils). */
const WRAPS = [64, 76];
