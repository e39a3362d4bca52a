// All rules, in the order in which their findings make most sense; findings are sorted by place afterwards.
import type { Rule } from './rule.ts';
import { expressionsAreRight } from './rules-expressions.ts';
import { inputsFit, secretsAreSecret } from './rules-inputs.ts';
import { accountsAreLookedAt, checksLook, kindsExist, withFits } from './rules-kinds.ts';
import { namedFilesExist, pathsStayInside } from './rules-paths.ts';
import {
  choicesHaveOptions,
  gatesAreNeeded,
  idsAreUnique,
  needsAreSteps,
  needsGoForward,
  referencesToSteps,
  timesAreDates,
  wordsAreGuarded,
} from './rules-steps.ts';
import { ordersAgree, sectionsJoin, stepsHaveSections } from './sections.ts';

export const rules: readonly Rule[] = [
  idsAreUnique,
  needsAreSteps,
  needsGoForward,
  gatesAreNeeded,
  kindsExist,
  checksLook,
  withFits,
  expressionsAreRight,
  inputsFit,
  secretsAreSecret,
  choicesHaveOptions,
  timesAreDates,
  referencesToSteps,
  wordsAreGuarded,
  pathsStayInside,
  namedFilesExist,
  accountsAreLookedAt,
  sectionsJoin,
  stepsHaveSections,
  ordersAgree,
];

/** For a step document by itself: what it says is for one step, and where its sections belong is the runbook's affair. */
export const documentRules: readonly Rule[] = rules.filter(
  (rule) => rule !== sectionsJoin && rule !== stepsHaveSections && rule !== ordersAgree,
);
