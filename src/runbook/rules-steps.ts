// Rules about the list of steps: ids, needs, words of the guard, what a form asks of its values.
import { didYouMean } from '../text/closest.ts';
import { holdsExpression } from '../text/expression-scan.ts';
import type { Finding } from '../text/finding.ts';
import type { Json } from '../text/json.ts';
import { lineOf } from '../text/place.ts';
import { mapOf, say } from './draft.ts';
import { findCircle } from './needs.ts';
import { isForm, type Rule } from './rule.ts';

export const idsAreUnique: Rule = function* ({ document, steps, byId }) {
  for (const step of steps) {
    const first = step.id === undefined ? undefined : byId.get(step.id);
    if (!first || first === step) continue;
    const line = lineOf(document.lines, document.spanOf(['steps', first.index, 'id']).offset);
    yield say(document, ['steps', step.index, 'id'], {
      code: 'duplicate-id',
      message: `the id "${step.id}" is taken`,
      remedy: `the step on line ${line} has it: give this one another`,
    });
  }
};

export const needsAreSteps: Rule = function* ({ document, steps, byId }) {
  for (const { raw, index, id } of steps) {
    if (!Array.isArray(raw.needs)) continue;
    for (const [at, need] of raw.needs.entries()) {
      if (typeof need !== 'string') continue;
      const path = ['steps', index, 'needs', at];
      if (need === id)
        yield say(document, path, {
          code: 'needs-itself',
          message: 'a step cannot need itself',
          remedy: 'name the steps before it',
        });
      else if (!byId.has(need))
        yield say(document, path, {
          code: 'unknown-step',
          message: `no step is called "${need}"`,
          remedy: didYouMean(need, byId.keys()) ?? 'name the id of a step',
        });
    }
  }
};

export const needsGoForward: Rule = function* ({ document, steps, byId }) {
  const itself = steps.some(({ raw, id }) => Array.isArray(raw.needs) && id !== undefined && raw.needs.includes(id));
  const circle = itself ? undefined : findCircle(steps, byId);
  if (!circle) return;
  // The author wrote at least one of these needs; the others are "the step above".
  const written = circle
    .slice(0, -1)
    .map((id) => byId.get(id))
    .find((step) => step && Array.isArray(step.raw.needs));
  if (!written) return;
  const shown = circle.length > 8 ? [...circle.slice(0, 4), '…', ...circle.slice(-3)] : circle;
  const remedy =
    'a step without `needs` needs the one above it: change the order, or give the steps between their own needs';
  yield say(document, ['steps', written.index, 'needs'], {
    code: 'needs-circle',
    message: `these steps wait for each other: ${shown.join(' → ')}`,
    remedy,
  });
};

/** A gate that what follows passes by holds nothing up. */
export const gatesAreNeeded: Rule = function* ({ document, steps }) {
  const needed = new Set(steps.flatMap(({ raw }, at) => (Array.isArray(raw.needs) ? raw.needs : [steps[at - 1]?.id])));
  for (const { raw, index, id } of steps.slice(0, -1)) {
    if (id === undefined || needed.has(id) || (raw.gate !== true && raw.wait === undefined)) continue;
    yield say(document, ['steps', index, 'id'], {
      severity: 'warning',
      code: 'not-needed-by-any',
      message: `no step waits for "${id}": all below it go on meanwhile`,
      remedy: `name "${id}" in the \`needs\` of the step that must come after it`,
    });
  }
};

export const wordsAreGuarded: Rule = function* ({ document, inputs, steps }) {
  const forbid = textsIn(mapOf(document.front.guard).forbid);
  for (const { written, index } of steps) {
    for (const [at, word] of (written?.allow ?? []).entries()) {
      if (forbid.includes(word)) continue;
      const remedy = didYouMean(word, forbid) ?? 'name a word of guard.forbid, or take it away';
      yield say(document, ['steps', index, 'allow', at], {
        code: 'unknown-guard-word',
        message: `nothing forbids "${word}"`,
        remedy,
      });
    }
  }
  for (const [name, input] of inputs) {
    const word = forbid.find((one) => typeof input?.default === 'string' && input.default === one);
    if (word === undefined) continue;
    yield say(document, ['inputs', name, 'default'], {
      code: 'forbidden-default',
      message: `guard.forbid stops a run with "${word}"`,
      remedy: 'choose another default',
    });
  }
};

export const referencesToSteps: Rule = function* ({ document, steps, byId, secrets }) {
  const unknown = (path: readonly (string | number)[], id: string): Finding =>
    say(document, path, {
      code: 'unknown-step',
      message: `no step is called "${id}"`,
      remedy: didYouMean(id, byId.keys()) ?? 'name the id of a step',
    });
  for (const { raw, index } of steps) {
    const stop = mapOf(raw.background)['stop-after'];
    if (typeof stop === 'string' && !byId.has(stop)) yield unknown(['steps', index, 'background', 'stop-after'], stop);
  }
  for (const [app, written] of secrets) {
    for (const [name, spec] of Object.entries(written?.names ?? {})) {
      const setBy = spec?.['set-by'];
      if (setBy !== undefined && !byId.has(setBy)) yield unknown(['secrets', app, 'names', name, 'set-by'], setBy);
    }
  }
};

export const timesAreDates: Rule = function* ({ document, steps }) {
  for (const { written, index } of steps) {
    const wait = written && 'wait' in written ? written.wait : undefined;
    if (typeof wait !== 'object' || holdsExpression(wait.until) || isTime(wait.until)) continue;
    const remedy = 'write it with its offset: 2026-11-22T09:00:00Z, 2026-11-22T10:00:00+01:00';
    yield say(document, ['steps', index, 'wait', 'until'], {
      code: 'wrong-value',
      message: 'this is no date and time',
      remedy,
    });
  }
};

const isTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));

export const choicesHaveOptions: Rule = function* ({ document, steps }) {
  for (const step of steps) {
    const { written, index } = step;
    if (!written || !('question' in written) || !isForm(step, 'question')) continue;
    const options = written.options?.map(String);
    if (written.type === 'choice' && !options)
      yield say(document, ['steps', index, 'type'], {
        code: 'missing-key',
        message: 'a choice needs "options"',
        remedy: 'options: [one, two]',
      });
    if (options && written.type !== undefined && written.type !== 'choice') {
      yield say(
        document,
        ['steps', index, 'options'],
        {
          code: 'wrong-value',
          message: `"options" makes a choice, and the type is ${written.type}`,
          remedy: 'take one of them away',
        },
        'key',
      );
    }
    const given = written.default === undefined ? undefined : String(written.default);
    if (options && given !== undefined && !holdsExpression(given) && !options.includes(given)) {
      yield say(document, ['steps', index, 'default'], {
        code: 'wrong-value',
        message: `"${given}" is none of the options`,
        remedy: didYouMean(given, options) ?? `there are ${options.join(', ')}`,
      });
    }
  }
};

const textsIn = (list: Json | undefined): readonly string[] =>
  Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
