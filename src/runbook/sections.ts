// Headings and steps joined: by a comment after the heading, or by the heading's own words.
import type { Section } from '../document/markdown.ts';
import { didYouMean } from '../text/closest.ts';
import type { Finding } from '../text/finding.ts';
import { findingAt, lineOf } from '../text/place.ts';
import { type Draft, say } from './draft.ts';
import type { Rule } from './rule.ts';

interface Phase {
  readonly title: string;
  /** What stands between its heading and its first step. */
  readonly opening: string;
  /** With what stands behind its steps and belongs to none. */
  readonly prose: string;
}

export interface Joined {
  /** By index of the step. */
  readonly ofStep: ReadonlyMap<number, Own>;
  /** In the order of the headings; only those with a step. */
  readonly phases: readonly Phase[];
  readonly intro: string;
  readonly findings: readonly Finding[];
}

/** What a step has of the prose; text that follows without a step of its own is added. */
interface Own {
  readonly section: Section;
  readonly phase: string;
  prose: string;
}

/** Sections below one `##` heading; the first group stands before any. */
interface Group {
  readonly heading?: Section;
  readonly sections: readonly Section[];
}

export function joinSections(draft: Draft): Joined {
  const byId = new Map<string, number>();
  for (const { id, index } of draft.steps) if (id !== undefined && !byId.has(id)) byId.set(id, index);
  const ofStep = new Map<number, Own>();
  const phases: Phase[] = [];
  const findings: Finding[] = [];
  const intro: string[] = [draft.document.body.before];
  for (const { heading, sections } of groups(draft.document.body.sections)) {
    const steps = sections.map((section) => ({ section, index: stepOf(section, byId) }));
    const isPhase = heading !== undefined && steps.some(({ index }) => index !== undefined);
    // Text that belongs to no step stands with what comes before it.
    const prose: string[] = heading ? [isPhase ? heading.prose : asText(heading)] : [];
    let last: Own | undefined;
    for (const { section, index } of steps) {
      if (index === undefined) {
        if (section.depth === 3) findings.push(...unjoined(draft, section, isPhase, byId));
        if (last) last.prose = join([last.prose, asText(section)]);
        else prose.push(section.depth === 1 ? section.prose : asText(section));
      } else if (ofStep.has(index)) findings.push(twice(draft, section, index, ofStep.get(index)?.section));
      else {
        last = { section, phase: isPhase ? heading.title : '', prose: section.prose };
        ofStep.set(index, last);
      }
    }
    const before = phases.at(-1);
    if (isPhase) phases.push({ title: heading.title, opening: join(prose), prose: join(prose) });
    else if (before && heading) phases[phases.length - 1] = { ...before, prose: join([before.prose, ...prose]) };
    else intro.push(...prose);
  }
  return { ofStep, phases, intro: join(intro), findings };
}

export const sectionsJoin: Rule = ({ joined }) => joined.findings;

export const stepsHaveSections: Rule = function* ({ document, steps, byId, joined: { ofStep } }) {
  if (ofStep.size === 0 && steps.length > 0) {
    yield say(
      document,
      ['steps'],
      {
        severity: 'warning',
        code: 'no-section',
        message: 'no step has a section',
        remedy: 'write "### Title <!-- id -->" and what it is about below the front matter',
      },
      'key',
    );
    return;
  }
  const without = steps.filter(
    (step) => step.id !== undefined && byId.get(step.id) === step && !ofStep.has(step.index),
  );
  const [first] = without;
  // One by one they would bury what else there is.
  const told = without.length > AT_ONCE && first ? [first] : without;
  for (const { index, id } of told) {
    const all = without.map((step) => step.id).join(', ');
    yield say(document, ['steps', index, 'id'], {
      severity: 'warning',
      code: 'no-section',
      message: told === without ? `the step "${id}" has no section` : `${without.length} steps have no section: ${all}`,
      remedy: `write "### Title <!-- ${id} -->" where it belongs${told === without ? '' : ', and so for the others'}`,
    });
  }
};

export const ordersAgree: Rule = function* ({ document, steps, joined }) {
  const inBody = [...joined.ofStep].sort(([, a], [, b]) => a.section.offset - b.section.offset);
  let furthest = -1;
  for (const [index, { section }] of inBody) {
    if (index < furthest) {
      const message = `"${steps[index]?.id}" stands below "${steps[furthest]?.id}" here, and above it in the list of steps`;
      yield findingAt(document.lines, section, {
        severity: 'warning',
        code: 'order',
        message,
        remedy: 'the list of steps decides: move the section',
      });
    }
    furthest = Math.max(furthest, index);
  }
};

function groups(sections: readonly Section[]): readonly Group[] {
  const found: { heading?: Section; sections: Section[] }[] = [{ sections: [] }];
  for (const section of sections) {
    if (section.depth === 2) found.push({ heading: section, sections: [] });
    else found.at(-1)?.sections.push(section);
  }
  return found;
}

function stepOf({ depth, comment, title }: Section, byId: ReadonlyMap<string, number>): number | undefined {
  if (depth !== 3) return undefined;
  if (comment !== undefined && byId.has(comment)) return byId.get(comment);
  // A comment in the form of an id that is no step is a mistake, not a heading to be guessed.
  if (comment !== undefined && /^[a-z][a-z0-9-]*$/.test(comment)) return undefined;
  return slugs(title)
    .map((slug) => byId.get(slug))
    .find((index) => index !== undefined);
}

/** The ids a heading can stand for: as GitHub's anchors, and with every gap as one hyphen, a leading number left out. */
function slugs(title: string): readonly string[] {
  const words = title.toLowerCase().replace(/^[\d.)\s]+/, '');
  const github = words
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
  return [github, words.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')];
}

function* unjoined(
  { document }: Draft,
  section: Section,
  inPhase: boolean,
  byId: ReadonlyMap<string, number>,
): Generator<Finding> {
  const { comment, title } = section;
  if (comment !== undefined && /^[a-z][a-z0-9-]*$/.test(comment)) {
    const remedy = didYouMean(comment, byId.keys()) ?? 'name the id of a step in the comment';
    yield findingAt(document.lines, section, {
      severity: 'warning',
      code: 'section-without-step',
      message: `no step is called "${comment}"`,
      remedy,
    });
  } else if (inPhase) {
    const remedy = `${didYouMean(slugs(title)[1] ?? '', byId.keys()) ?? 'name its step: <!-- id -->'} or use #### for what is only text`;
    yield findingAt(document.lines, section, {
      severity: 'warning',
      code: 'section-without-step',
      message: `no step belongs to the section "${title}"`,
      remedy,
    });
  }
}

function twice({ document, steps }: Draft, section: Section, index: number, first: Section | undefined): Finding {
  const line = lineOf(document.lines, first?.offset ?? 0);
  return findingAt(document.lines, section, {
    code: 'duplicate-section',
    message: `the step "${steps[index]?.id}" has a section already`,
    remedy: `it is on line ${line}: join the two`,
  });
}

const asText = ({ depth, title, prose }: Section): string => join([`${'#'.repeat(depth)} ${title}`, prose]);
const join = (texts: readonly string[]): string => texts.filter((text) => text !== '').join('\n\n');

const AT_ONCE = 4;
