// A draft without a mistake becomes the runbook that code uses.

import type { Path } from '../document/document.ts';
import { placeAt } from '../text/place.ts';
import { buildStep, condition, given, plainMap, text } from './build-step.ts';
import { stepDigest, trustDigest } from './digest.ts';
import type { Draft, DraftStep } from './draft.ts';
import type { Input, Runbook, SecretApp, Step } from './model.ts';
import { needsOf } from './needs.ts';
import { isPath, type Subject } from './rule.ts';
import { cleanPath, scriptPath } from './rules-paths.ts';
import type { WrittenInput, WrittenSecrets } from './schema.ts';

/** `source`: the file as read. */
export function buildRunbook(subject: Subject, source: string): Runbook {
  const { document, head, files, joined } = subject;
  if (!head) throw new Error('the front matter has no shape, and no finding says so');
  const uses = [...files].flatMap(([path, held]) => (held === undefined ? [] : [{ path, text: held }]));
  const steps = buildSteps(subject);
  const name = (document.lines.file.split('/').at(-1) ?? '').replace(/\.md$/, '');
  const heading = document.body.sections.find(({ depth }) => depth === 1)?.title;
  return {
    name,
    file: document.lines.file,
    title: head.title ?? heading ?? name,
    record: head.record ?? 'PRODUCTION_DEPLOYMENT.md',
    accounts: Object.fromEntries(
      Object.entries(head.accounts ?? {}).map(([account, keys]) => [account, plainMap(keys)]),
    ),
    forbid: head.guard?.forbid ?? [],
    inputs: [...subject.inputs].flatMap(([input, written]) => (written ? [buildInput(input, written, subject)] : [])),
    secrets: [...subject.secrets].flatMap(([app, written]) => (written ? [buildSecrets(app, written)] : [])),
    steps,
    phases: phasesOf(steps, joined.phases),
    intro: joined.intro,
    digest: trustDigest(document.front, uses),
    source,
    uses,
  };
}

function buildSteps(subject: Subject): readonly Step[] {
  const { document, joined, steps, files } = subject;
  let phase = '';
  return steps.map((draft) => {
    const { written, index } = draft;
    if (!written) throw new Error(`the step on index ${index} has no shape, and no finding says so`);
    const own = joined.ofStep.get(index);
    phase = own?.phase ?? phase;
    const named = filesOf(draft).map((path) => files.get(path) ?? '');
    return buildStep(written, {
      title: own?.section.title || written.id,
      phase,
      prose: [own?.prose ?? '', draft.instruction ?? ''].filter((one) => one !== '').join('\n\n'),
      needs: needsOf(draft, steps),
      digest: stepDigest(draft.asWritten ?? draft.raw, named),
      ...('script' in written &&
        scriptPath(written.script) !== undefined && { script: files.get(cleanPath(written.script)) ?? '' }),
      placeOf: (path: Path) => {
        const span = document.keySpanOf(['steps', index, ...path]);
        return placeAt(document.lines, span.offset, span.length);
      },
    });
  });
}

/** Project files that a step names by a key of its own, or by one of its document. */
export const filesOf = ({ raw, asWritten }: DraftStep): readonly string[] => {
  const script = typeof raw.script === 'string' ? scriptPath(raw.script) : undefined;
  const uses = asWritten?.uses ?? raw.uses;
  const kind = typeof uses === 'string' && isPath(uses) ? uses : undefined;
  return [script, kind].flatMap((path) => (path === undefined ? [] : [cleanPath(path)]));
};

/** In the order of their first step; a phase is named once. */
function phasesOf(steps: readonly Step[], phases: Runbook['phases']): Runbook['phases'] {
  const titles = [...new Set(steps.map((step) => step.phase))].filter((title) => title !== '');
  return titles.map((title) => {
    const named = phases.filter((phase) => phase.title === title);
    const joined = (texts: readonly string[]) => texts.filter((text) => text !== '').join('\n\n');
    return {
      title,
      opening: joined(named.map(({ opening }) => opening)),
      prose: joined(named.map(({ prose }) => prose)),
    };
  });
}

function buildInput(name: string, written: WrittenInput, { document }: Draft): Input {
  const span = document.keySpanOf(['inputs', name]);
  return {
    name,
    ...given('description', written.description),
    type: written.options ? 'choice' : (written.type ?? 'text'),
    ...given('options', written.options?.map(String)),
    ...given('default', written.options && written.default !== undefined ? String(written.default) : written.default),
    ...given('pattern', written.pattern),
    ...given('example', text(written.example)),
    secret: written.secret ?? false,
    required: written.required ?? true,
    place: placeAt(document.lines, span.offset, span.length),
  };
}

type Secret = SecretApp['names'][number];

function buildSecrets(app: string, written: WrittenSecrets): SecretApp {
  const names = Object.entries(written.names).map(([name, spec]) => ({
    name,
    secret: spec?.secret ?? true,
    required: spec?.required ?? true,
    absent: spec?.absent ?? false,
    ...given('default', text(spec?.default)),
    ...given('generate', spec?.generate),
    ...given('from', spec?.from as Secret['from']), // the shapes are the same
    ...given('keep', spec?.keep),
    to: spec?.to ?? ('fly-secret' as const),
    ...given('setBy', spec?.['set-by']),
    ...given('pattern', spec?.pattern),
    sameAsStaging: spec?.['same-as-staging'] ?? ('warn' as const),
    ...given('description', spec?.description),
    ...given('example', text(spec?.example)),
    ...given('when', condition(spec?.when)),
  }));
  return { app, ...given('compareWith', written['compare-with']), names };
}
