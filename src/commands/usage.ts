// What `launch COMMAND --help` prints: how it is called, what it does, its flags, an example. Loaded when asked for.
import { wrap } from '../ui/width.ts';
import { type FlagName, flagsOf, shortOf, takesValue, usageOf } from './flags.ts';
import { HELP } from './help.ts';

interface Usage {
  readonly call: string;
  readonly does: string;
  readonly example: string;
}

const USAGES: Readonly<Record<string, Usage>> = {
  run: {
    call: 'launch NAME (or: launch run NAME)',
    does: 'Starts the runbook runbooks/NAME.md, or goes on with its open run. In a terminal a wizard leads; without one it stops, with exit code 4, at the first step for a person. At the end the record is written into the project.',
    example: 'launch prod --input app=solserver-prod',
  },
  rehearse: {
    call: 'launch rehearse NAME',
    does: 'The whole launch against stand-ins on this machine: no account, nothing real is touched. With --auto every question is answered as a person would; with --fault something goes wrong on purpose; with --crash the run is killed at every point and gone on with.',
    example: 'launch rehearse prod --fault login-expired',
  },
  plan: {
    call: 'launch plan NAME',
    does: 'What a run would do, step by step, given what is so in the world already. Looks only.',
    example: 'launch plan prod --exit-code',
  },
  status: {
    call: 'launch status [NAME]',
    does: 'Where the open run stands, else the newest. Never waits for a lock.',
    example: 'launch status prod --text',
  },
  runs: {
    call: 'launch runs',
    does: 'All runs and rehearsals of this project, the newest first.',
    example: 'launch runs --json',
  },
  log: {
    call: 'launch log [NAME]',
    does: 'The events of a run, in order; with --json each line is an event of the journal.',
    example: 'launch log prod --run prod-2026',
  },
  export: {
    call: 'launch export [NAME]',
    does: 'The record of a run as it stands, on stdout or in a file; or, with --check, whether a file is the record that the journal gives: 1 when it is not.',
    example: 'launch export prod --check PRODUCTION_DEPLOYMENT.md',
  },
  verify: {
    call: 'launch verify [NAME]',
    does: 'Looks again at every done step: is it still so? Looks only. 1 on drift, 4 where something cannot be seen.',
    example: 'launch verify prod --json',
  },
  undo: {
    call: 'launch undo [NAME]',
    does: 'The done steps, the last first. In a terminal you choose what is taken back, and each is seen to be gone; without one they are listed.',
    example: 'launch undo prod',
  },
  mark: {
    call: 'launch mark STEP done | skipped --reason "…" | again',
    does: 'One step by your word: looked at where it can be. Again: a failed step is tried once more. Done needs a terminal; so does skipping a gate or what cannot be taken back.',
    example: 'launch mark blog-post skipped --reason "on Monday"',
  },
  answer: {
    call: 'launch answer QUESTION VALUE',
    does: 'Answers one question of the open run, or gives another answer to one that was answered: an input by its NAME, a question by its STEP, a value to paste back as STEP.NAME (or by its id: inputs.NAME, steps.ID.answer, steps.ID.ask.NAME). What was done with another value is named, and comes up when the run goes on. Never a secret.',
    example: 'launch answer region sjc',
  },
  lint: {
    call: 'launch lint [FILE…]',
    does: 'What is wrong in the runbooks, all of them where none is named: where, and what to do. 3 when there is an error.',
    example: 'launch lint --project --format github',
  },
  init: {
    call: 'launch init',
    does: 'Makes a first runbook, runbooks/prod.md or the file of --out, from what is in the project: fly.toml, tests, volumes, what the code reads of the environment, an iOS app (Xcode, Expo, fastlane). No file is written over.',
    example: 'launch init --out runbooks/first.md',
  },
  import: {
    call: 'launch import PLAN.md',
    does: 'Makes a runbook of a plan that was written for people: runbooks/PLAN.md, or the file of --out. Boxes, lists and tables become steps, commands are run or proven by a kind, all other text stays in its place. It tells what is left to you, and what looks like work and is not a step. No file is written over.',
    example: 'launch import docs/launch-plan.md --out runbooks/prod.md',
  },
  trust: {
    call: 'launch trust NAME',
    does: 'Shows what the runbook can run, and asks whether this version of it may.',
    example: 'launch trust prod',
  },
  secrets: {
    call: 'launch secrets scan | diff | fill',
    does: 'Which secrets the code needs, how production stands beside staging, and setting what is missing.',
    example: 'launch secrets diff prod',
  },
  'secrets scan': {
    call: 'launch secrets scan',
    does: 'What the code reads of the environment: required or optional, secret or config, its default, which process reads it, where.',
    example: 'launch secrets scan --format markdown',
  },
  'secrets diff': {
    call: 'launch secrets diff [NAME]',
    does: 'Production beside staging, fly.toml, runbook and code. Never a value. 1 when something required is missing.',
    example: 'launch secrets diff prod --json',
  },
  'secrets fill': {
    call: 'launch secrets fill [NAME]',
    does: 'Asks for, makes or reads what is missing, hands over what is shown once only, sets it staged, and looks whether it is there.',
    example: 'launch secrets fill prod',
  },
  steps: {
    call: 'launch steps [KIND]',
    does: 'The kinds of steps; of one, how it is written.',
    example: 'launch steps dns/record',
  },
  schema: {
    call: 'launch schema',
    does: 'The JSON Schema of a runbook’s front matter, for an editor.',
    example: 'launch schema > runbook.schema.json',
  },
  doctor: {
    call: 'launch doctor [NAME]',
    does: 'What is missing on this machine for the runbook, or for all, and how to get it: tools, logins, files, variables. Looks only. 1 when something is.',
    example: 'launch doctor prod',
  },
  completion: {
    call: 'launch completion bash | zsh | fish',
    does: 'A script for the shell that completes commands, runbooks, flags, faults and runs.',
    example: 'eval "$(launch completion bash)"',
  },
  handover: {
    call: 'launch handover [NAME]',
    does: 'Packs the open run into one file for someone else, who goes on with it on another machine. `handover open FILE` opens it there; `handover take-back` goes on here after all.',
    example: 'launch handover prod --to jam --out prod.handover.json',
  },
  'handover open': {
    call: 'launch handover open FILE',
    does: 'Goes on with a run that was handed over, in a checkout of its project.',
    example: 'launch handover open prod.handover.json',
  },
  'handover take-back': {
    call: 'launch handover take-back [NAME]',
    does: 'Goes on here with a run that was handed over and never opened elsewhere.',
    example: 'launch handover take-back prod',
  },
  unlock: {
    call: 'launch unlock ID',
    does: 'Takes away the lock of a run that another machine left. A lock of this machine goes by itself.',
    example: 'launch unlock prod-20261122-k3f',
  },
};

const FLAGS: Readonly<Record<FlagName, { readonly value?: string; readonly does: string }>> = {
  answers: { value: 'FILE', does: 'YAML or JSON: answers by question id; never a secret' },
  auto: { does: 'every question is answered as a person would' },
  check: { value: 'FILE', does: 'compare this record with the journal' },
  crash: { value: 'every', does: 'kill it at each point; every:25 at each 25th' },
  dir: { value: 'DIR', does: 'the project, where it is not this folder' },
  'exit-code': { does: '6 when there is work left' },
  fault: { value: 'NAME[@STEP]', does: 'what goes wrong; `list` names them' },
  format: { value: 'FORMAT', does: 'how it is written' },
  help: { does: 'this' },
  input: { value: 'NAME=VALUE', does: 'one input' },
  json: { does: 'for programs: one document, or one event a line' },
  new: { does: 'a fresh run; the open one is closed' },
  'no-color': { does: 'no colour' },
  'non-interactive': { does: 'nobody is asked' },
  out: { value: 'FILE', does: 'written there' },
  plain: { does: 'no redrawing: for screen readers and logs' },
  project: { does: 'also fly.toml, code and Xcode project' },
  reason: { value: 'TEXT', does: 'why, for the record' },
  run: { value: 'ID', does: 'which run; a unique prefix will do' },
  skip: { value: 'ID=REASON', does: 'leave a step out; the reason is for the record' },
  strict: { does: 'a warning counts as an error' },
  text: { does: 'a paragraph to paste for the team' },
  to: { value: 'NAME', does: 'who goes on with it' },
  trust: { value: 'DIGEST', does: 'trust this version of the runbook' },
  version: { does: 'the version of launch' },
  who: { value: 'NAME', does: 'who you are, for the record' },
  yes: { does: 'Enter and confirmations; never a point of no return' },
};

const FORMATS: Readonly<Record<string, string>> = {
  export: 'md (the default), html, json',
  lint: 'text (the default), json, github',
  'secrets scan': 'text (the default), markdown, json',
};

export function helpFor(names: readonly string[]): string {
  const [first] = names;
  if (first === undefined) return HELP;
  const name = usageOf(names);
  const usage = USAGES[name];
  if (!usage) return HELP;
  const flags = flagsOf(name).map((flag) => [written(flag), flag === 'format' ? FORMATS[name] : FLAGS[flag].does]);
  const width = Math.max(...flags.map(([left = '']) => left.length));
  return [
    usage.call,
    '',
    ...wrap(usage.does, 78).map((line) => `  ${line}`),
    '',
    'Flags',
    ...flags.map(([left = '', right = '']) => `  ${left.padEnd(width)}  ${right}`),
    '',
    `Example: ${usage.example}`,
    'Exit codes and all commands: launch --help',
    '',
  ].join('\n');
}

const written = (flag: FlagName): string =>
  `${[`--${flag}`, ...shortOf(flag)].join(', ')}${takesValue(`--${flag}`) ? ` ${FLAGS[flag].value}` : ''}`;
