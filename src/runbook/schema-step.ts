// How a step is written: one strict shape a form. Chosen by the form's key first, so that a mistake gives one precise finding.
import { z } from 'zod';
import { DURATION } from '../text/duration.ts';

// A shape is used once or twice in a process: to compile code for it takes longer than it saves.
z.config({ jitless: true });

export const ID = /^[a-z][a-z0-9-]*$/;

const IN_UNITS = 'a duration is a number and a unit: 30s, 5m, 2h, 1d';
const Duration = z.string(IN_UNITS).regex(DURATION, IN_UNITS).describe('A duration: 30s, 5m, 2h, 1d');
export const Text = z.string().min(1);
/** What may be written without quotes and is used as text. */
export const Plain = z.union([z.string(), z.number(), z.boolean()]);
export const Condition = z.union([z.string().min(1), z.boolean()]);
export const EnvName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable has letters, digits and _ only')
  .refine((name) => !/^LAUNCH_(OUTPUT|VALUE_)/.test(name), 'LAUNCH_OUTPUT and LAUNCH_VALUE_… are set by launch itself');
export const OutputName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'a name begins with a letter and has letters, digits, _ and - only');
export const Pattern = z.string().refine(isPattern, 'this is no regular expression');

const StepId = z
  .string()
  .regex(ID, 'an id begins with a small letter and has small letters, digits and - only')
  .max(64);
const Kind = Text.describe('A kind of the library (provider/noun), or a path: ./steps/x.mjs, ./steps/x.md');
const Values = z.record(z.string(), z.unknown());

const CheckByKind = z.strictObject({
  uses: z.string(),
  with: Values.optional(),
  every: Duration.optional(),
  within: Duration.optional(),
});
const CheckByCommand = z.strictObject({ run: Text, every: Duration.optional(), within: Duration.optional() });
const Check = z
  .union([CheckByKind, CheckByCommand])
  .describe('A check: a kind that only looks, or a command (exit 0 so, 1 not so, else unknown)');
const Checks = z.array(Check);

const Ask = z.strictObject({
  message: Text.optional(),
  pattern: Pattern.optional(),
  example: Plain.optional(),
  options: z.array(Plain).min(1).optional(),
  required: z.boolean().optional(),
});

/** Keys that every form takes. */
const common = {
  id: StepId.describe('The identity of the step for ever'),
  needs: z.array(z.string()).optional().describe('Ids of the steps that come before; left out: the step above'),
  verify: Checks.optional().describe('Is it so, in the world?'),
  already: Text.optional().describe('Done before the run, on the word of the plan: "text, date"'),
  'not-needed': Text.optional().describe('Why this step is not needed'),
  optional: z.boolean().optional().describe('The person chooses to do it or to leave it'),
  who: Text.optional().describe('Who does it'),
  if: Condition.optional().describe('An expression; where it is false the step is not needed'),
  env: z.record(EnvName, Plain).optional().describe('Environment of what the step runs'),
  'continue-on-error': z.boolean().optional(),
  'working-directory': Text.optional().describe('From the project folder'),
  requires: z.array(Text).optional().describe('Executables that must be there'),
  open: Text.optional().describe('A page to open'),
  copy: z.record(z.string(), Plain).optional().describe('Values to copy, in order'),
  evidence: z.literal('required').optional().describe('The person gives a proof: URL, text, path of a picture'),
  confirm: Text.optional().describe('Ask this first'),
  irreversible: Text.optional().describe('A point of no return: this name is typed'),
  undo: z
    .union([z.strictObject({ run: Text }), z.strictObject({ manual: Text })])
    .optional()
    .describe('How it is taken back'),
  'on-error': z
    .array(z.strictObject({ match: Pattern, hint: Text }))
    .optional()
    .describe("The runbook's own words for a failure"),
  allow: z.array(Text).optional().describe('Guard words this step may use'),
  costs: Text.optional(),
  takes: Text.optional(),
  rehearse: z
    .union([
      z.literal('run'),
      z.strictObject({
        stdout: z.string().optional(),
        exit: z.int().min(0).max(255).optional(),
        outputs: z.record(OutputName, Plain).optional(),
        instead: z
          .array(z.tuple([z.enum(['fly', 'git']), Text], Text))
          .optional()
          .describe('Commands that have a stand-in, carried out in its place: what the command does to the world'),
      }),
    ])
    .optional()
    .describe('What a rehearsal does in place of a command'),
};

const attempts = {
  timeout: Duration.optional().describe('How long one attempt may take; ended by it is in doubt'),
  retry: z.strictObject({ attempts: z.int().min(1).max(100), interval: Duration.optional() }).optional(),
};
const ask = {
  ask: z.record(OutputName, Ask.nullable()).optional().describe('Values to paste back; they become outputs'),
};
const unless = { unless: Checks.optional().describe('All so: the act is not run') };

const Background = z.strictObject({ 'ready-when': Checks.optional(), 'stop-after': z.string().optional() });
const Item = z.union([Text, z.strictObject({ text: Text, for: Duration.optional() })]);

export const forms = {
  uses: z.strictObject({
    ...common,
    ...attempts,
    ...ask,
    uses: Kind,
    with: Values.optional(),
    every: Duration.optional(),
    within: Duration.optional(),
  }),
  run: z.strictObject({ ...common, ...attempts, ...unless, run: Text, background: Background.optional() }),
  script: z.strictObject({ ...common, ...attempts, ...unless, script: Text }),
  manual: z.strictObject({ ...common, ...ask, ...unless, manual: z.literal(true) }),
  checklist: z.strictObject({
    ...common,
    ...ask,
    checklist: z.array(Item).min(1),
    testers: z.union([z.array(Text).min(1), Text]).optional(),
  }),
  question: z.strictObject({
    ...common,
    question: Text,
    type: z.enum(['text', 'number', 'boolean', 'email', 'list', 'choice']).optional(),
    options: z.array(Plain).min(1).optional(),
    default: Plain.optional(),
    example: Plain.optional(),
    pattern: Pattern.optional(),
  }),
  wait: z.strictObject({ ...common, wait: z.union([Duration, z.strictObject({ until: Text })]) }),
  gate: z.strictObject({ ...common, gate: z.literal(true), verify: Checks.min(1) }),
};

export type FormName = keyof typeof forms;
export const formNames: readonly FormName[] = [
  'uses',
  'run',
  'script',
  'manual',
  'checklist',
  'question',
  'wait',
  'gate',
];

export type WrittenStep = z.output<(typeof forms)[FormName]>;
export type WrittenCheck = z.output<typeof Check>;

export const Step = z.union([
  forms.uses,
  forms.run,
  forms.script,
  forms.manual,
  forms.checklist,
  forms.question,
  forms.wait,
  forms.gate,
]);

function isPattern(text: string): boolean {
  try {
    return Boolean(new RegExp(text));
  } catch {
    return false; // the engine says only that it cannot be read
  }
}
