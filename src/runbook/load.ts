// A runbook file read, checked and made into a runbook, with every finding at once.
import { readDocument } from '../document/document.ts';
import type { StepKind } from '../step.ts';
import { type Finding, isError } from '../text/finding.ts';
import { buildRunbook, filesOf } from './build.ts';
import { documentPath, expandStep, readStepDocument, type StepDocument } from './documents.ts';
import { type Draft, type DraftStep, mapOf, readDraft } from './draft.ts';
import type { Loaded } from './model.ts';
import { checksOf, kindUses, type Rule, type Subject } from './rule.ts';
import { documentRules, rules } from './rules.ts';
import { isInside } from './rules-paths.ts';
import { joinSections } from './sections.ts';

export interface Source {
  /** From the project folder; findings name it. */
  readonly file: string;
  readonly source: string;
  readonly kindNames: readonly string[];
  loadKind(name: string): Promise<StepKind | undefined>;
  /** A file of the project; undefined where there is none. May reject for a path that leads outside. */
  readFile(path: string): Promise<string | undefined>;
}

/** Reads and checks. Runs nothing of the project. `runbook` is missing when a finding is an error. */
export async function loadRunbook({ file, source, kindNames, loadKind, readFile }: Source): Promise<Loaded> {
  const { document, findings: unread } = readDocument(file, source);
  if (!document) return { findings: unread };
  const { draft: written, findings: misshapen } = readDraft(document);
  const files = new Map<string, string | undefined>();
  await readInto(files, written.steps.flatMap(filesOf), readFile);
  const { draft, documents, findings: undocumented } = withDocuments(written, files);
  const drafts = [draft, ...documents.map((one) => one.draft)];
  await readInto(
    files,
    drafts.flatMap(({ steps }) => steps.flatMap(filesOf)),
    readFile,
  );
  await readScripts(files, drafts, readFile);
  const kinds = await loadKinds(drafts, kindNames, loadKind);

  const subjectOf = (one: Draft): Subject => ({
    ...one,
    kindNames,
    kinds,
    files,
    joined: joinSections(one),
    byId: stepsById(one.steps),
  });
  const subject = subjectOf(draft);
  const inRunbook = [...unread, ...misshapen, ...undocumented, ...check(rules, subject)];
  const inDocuments = documents.flatMap((one) => [...one.findings, ...check(documentRules, subjectOf(one.draft))]);
  const findings = byFile(file, [...inRunbook, ...inDocuments]).flatMap(sorted);
  return findings.some(isError) ? { findings } : { runbook: buildRunbook(subject, source), findings };
}

const check = (asked: readonly Rule[], subject: Subject): readonly Finding[] =>
  asked.flatMap((rule) => [...rule(subject)]);

/** Those of one file together, those of the first one first. */
function byFile(first: string, findings: readonly Finding[]): readonly (readonly Finding[])[] {
  const files = new Map<string, Finding[]>([[first, []]]);
  for (const finding of findings) {
    const { file } = finding.place;
    const list = files.get(file);
    if (list) list.push(finding);
    else files.set(file, [finding]);
  }
  return [...files.values()];
}

/** Each step document read once and written into the steps that use it; where it cannot be, the step stays as it is. */
function withDocuments(
  draft: Draft,
  files: ReadonlyMap<string, string | undefined>,
): { draft: Draft; documents: readonly StepDocument[]; findings: readonly Finding[] } {
  const documents = new Map<string, StepDocument | undefined>();
  const findings: Finding[] = [];
  const read = (path: string): StepDocument | undefined => {
    const source = files.get(path);
    if (source === undefined || documents.has(path)) return documents.get(path);
    const found = readStepDocument(path, source);
    if (!('draft' in found)) findings.push(...found);
    documents.set(path, 'draft' in found ? found : undefined);
    return documents.get(path);
  };
  const steps = draft.steps.map((step) => {
    const path = documentPath(step);
    const used = path === undefined ? undefined : read(path);
    // A document with a mistake is told by itself; writing it into a step would tell it twice.
    if (!used?.draft.steps[0]?.written) return step;
    const expanded = expandStep(step, used, draft.document);
    findings.push(...expanded.findings);
    return expanded.step;
  });
  return {
    draft: { ...draft, steps },
    documents: [...documents.values()].filter((one) => one !== undefined),
    findings,
  };
}

async function loadKinds(
  drafts: readonly Draft[],
  names: readonly string[],
  loadKind: Source['loadKind'],
): Promise<ReadonlyMap<string, StepKind>> {
  const used = new Set(drafts.flatMap(({ steps }) => steps.flatMap(kindUses)).map(({ kind }) => kind));
  const known = [...used].filter((name) => names.includes(name));
  const kinds = await Promise.all(known.map(async (name) => [name, await loadKind(name)] as const));
  return new Map(kinds.flatMap(([name, kind]) => (kind ? [[name, kind] as const] : [])));
}

/** Files that are named, with what they hold; undefined for one that is not there, or outside by a link. */
async function readInto(
  files: Map<string, string | undefined>,
  paths: readonly string[],
  readFile: Source['readFile'],
): Promise<void> {
  const wanted = [...new Set(paths)].filter((path) => isInside(path) && !files.has(path));
  const read = await Promise.all(wanted.map((path) => readFile(path).catch(() => undefined))); // it rejects where a path leads outside
  for (const [index, path] of wanted.entries()) files.set(path, read[index]);
}

/** Scripts of the project that commands start by their path; words that only look like one are no files. */
async function readScripts(
  files: Map<string, string | undefined>,
  drafts: readonly Draft[],
  readFile: Source['readFile'],
): Promise<void> {
  const started = new Map<string, string | undefined>();
  const commands = drafts.flatMap(({ steps }) => steps.flatMap(commandsOf));
  await readInto(
    started,
    commands.flatMap(scriptsIn).filter((path) => !files.has(path)),
    readFile,
  );
  for (const [path, text] of started) if (text !== undefined) files.set(path, text);
}

/** Every command of a step: its own, those of its checks, and the one that takes it back. */
const commandsOf = (step: DraftStep): readonly string[] =>
  [step.raw.run, mapOf(step.raw.undo).run, ...checksOf(step).map(({ raw }) => raw.run)].filter(
    (run) => typeof run === 'string',
  );

/** Words of a command that look like a script of the project. What those start in turn is not seen. */
const scriptsIn = (command: string): readonly string[] =>
  [
    ...command.matchAll(
      /(?<![^\s"'=;&|(])(?:\.\/)?((?:[\w.-]+\/)*[\w.-]+\.(?:sh|bash|mjs|cjs|js|ts|mts|py|rb|pl))(?![^\s"';&|)])/g,
    ),
  ].map(([, path = '']) => path);

function stepsById(steps: readonly DraftStep[]): ReadonlyMap<string, DraftStep> {
  const byId = new Map<string, DraftStep>();
  for (const step of steps) if (step.id !== undefined && !byId.has(step.id)) byId.set(step.id, step);
  return byId;
}

/** By place. The same thing is said once; what YAML does not read, or reads otherwise, is not also said to be of the wrong sort. */
function sorted(findings: readonly Finding[]): readonly Finding[] {
  const at = ({ place }: Finding) => `${place.line}:${place.column}`;
  const first = new Map<string, Finding>();
  for (const finding of findings) if (isAboutYaml(finding)) first.set(at(finding), finding);
  const said = new Map<string, Finding>();
  for (const finding of findings) {
    const before = first.get(at(finding));
    if (before && before !== finding && before.severity === 'error') continue;
    if (before && before !== finding && finding.severity === 'error') {
      said.delete(`${at(before)}:${before.message}`);
      said.set(`${at(finding)}:${finding.message}`, { ...finding, ...(before.remedy && { remedy: before.remedy }) });
    } else said.set(`${at(finding)}:${finding.message}`, finding);
  }
  return [...said.values()].sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
}

const isAboutYaml = ({ code }: Finding): boolean => code.startsWith('yaml') || code === 'number-changed';
