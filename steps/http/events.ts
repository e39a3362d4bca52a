// Listen to server-sent events until one of them says what is expected: a stream that is open but silent, or buffered, is told apart.
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import type { HttpAnswer } from '../../src/system/ports.ts';
import { DURATION, parseDuration } from '../../src/text/duration.ts';
import {
  describeAnswer,
  excerpt,
  hintOf,
  Method,
  ONE_BODY,
  oneBody,
  parseJson,
  requestKeys,
  requestOf,
} from './exchange.ts';
import { JsonPattern, mismatches } from './pattern.ts';

const With = z
  .strictObject({
    ...requestKeys,
    method: Method.default('GET'),
    event: z.string().min(1).optional().describe('Name of the event; left out: any'),
    contains: z.string().min(1).optional().describe('A text in the data of the event'),
    json: JsonPattern.optional().describe('A pattern of its data, where that is JSON'),
    listen: z.string().regex(DURATION, 'a duration such as 30s').default('30s').describe('How long one look listens'),
  })
  .refine(oneBody, ONE_BODY);
type Want = z.output<typeof With>;

interface StreamEvent {
  readonly event?: string | undefined;
  readonly data: string;
}

export const events = defineStep({
  name: 'http/events',
  summary: 'Listen to server-sent events until one is as expected',
  example: 'with: { url: "https://api.example.com/v1/stream", event: message, json: { status: done } }',
  with: With,
  outputs: z.object({ data: z.string() }),
  describe: (want) => `${want.method} ${want.url}, listening for ${wanted(want)}`,
  verify: async (want, { http }) => {
    const request = requestOf({ ...want, headers: { accept: 'text/event-stream', ...want.headers } });
    const heard = await http.look({
      ...request,
      timeout: parseDuration(want.listen) ?? 0,
      until: listenFor((event) => fits(want, event)),
    });
    return judge(want, heard);
  },
  lasts: false,
  secretFields: ['headers'],
  checkedAgainst: 'stand-in',
});

function judge(want: Want, answer: HttpAnswer): Look {
  const { host } = new URL(want.url);
  if (answer.failed !== undefined) return { is: 'unknown', why: `no answer from ${host}: ${answer.failed}` };
  const type = answer.headers['content-type'] ?? 'no content type';
  if (answer.status !== 200 || !/^text\/event-stream\b/i.test(type)) {
    const hint = hintOf(answer.status);
    const seen = `${describeAnswer(answer)}, ${type}: ${excerpt(answer.body)}`;
    return { is: 'not-so', expected: '200, text/event-stream', seen, ...(hint !== undefined && { hint }) };
  }
  const heard = eventsIn(answer.body);
  const found = heard.find((event) => fits(want, event));
  if (found !== undefined) return { is: 'so', seen: tell(found), outputs: { data: found.data.slice(0, LONGEST_DATA) } };
  const last = heard.at(-1);
  const told = last === undefined ? 'no event' : `${count(heard.length)}, the last: ${tell(last)}`;
  const hint = last === undefined && answer.body === '' ? SILENT : undefined;
  return {
    is: 'not-so',
    expected: wanted(want),
    seen: `${told} (${answer.cut ?? 'the stream ended'})`,
    ...(hint !== undefined && { hint }),
  };
}

/** Says when an event that fits has come. Each piece is read once: a stream may have very many. */
function listenFor(fitting: (event: StreamEvent) => boolean): (piece: string) => boolean {
  let found = false;
  const parser = createParser({ onEvent: ({ event, data }) => void (found ||= fitting({ event, data })) });
  return (piece) => {
    parser.feed(piece);
    return found;
  };
}

/** Whole events only: one that has begun and was not ended by a blank line is none yet. */
function eventsIn(body: string): readonly StreamEvent[] {
  const found: StreamEvent[] = [];
  createParser({ onEvent: ({ event, data }) => void found.push({ event, data }) }).feed(body);
  return found;
}

function fits({ event, contains, json }: Want, seen: StreamEvent): boolean {
  if (event !== undefined && (seen.event ?? 'message') !== event) return false;
  if (contains !== undefined && !seen.data.includes(contains)) return false;
  if (json === undefined) return true;
  const parsed = parseJson(seen.data);
  return parsed !== undefined && mismatches(json, parsed.value).length === 0;
}

function wanted({ event, contains, json }: Want): string {
  const data = [
    ...(contains === undefined ? [] : [JSON.stringify(contains)]),
    ...(json === undefined ? [] : [JSON.stringify(json)]),
  ];
  return `${event === undefined ? 'an event' : `the event ${event}`}${data.length === 0 ? '' : ` with ${data.join(' and ')}`}`;
}

const tell = ({ event, data }: StreamEvent): string => `${event ?? 'message'}: ${excerpt(data)}`;
const count = (events: number): string => (events === 1 ? '1 event' : `${events} events`);

const SILENT = 'The stream is open and not a byte came: is something between (a proxy, compression) buffering it?';
/** Characters: an output stands in the journal. */
const LONGEST_DATA = 16_384;
