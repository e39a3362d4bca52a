// All hazards of a fly.toml, in the order in which one reads the file.
import type { Finding } from '../../../src/text/finding.ts';
import { findingAt } from '../../../src/text/place.ts';
import type { Hazard, Trouble } from './hazard.ts';
import { addressHazards } from './rules-addresses.ts';
import { checkHazards } from './rules-checks.ts';
import { groupHazards } from './rules-groups.ts';
import { memoryHazards } from './rules-memory.ts';
import { portHazards } from './rules-ports.ts';
import { runbookHazards } from './rules-runbook.ts';
import { secretHazards } from './rules-secrets.ts';
import { shapeHazards } from './rules-shape.ts';
import { sleepHazards } from './rules-sleep.ts';
import { volumeHazards } from './rules-volumes.ts';
import type { View } from './view.ts';

export const flyHazards: readonly Hazard[] = [
  ...shapeHazards,
  ...runbookHazards,
  ...groupHazards,
  ...volumeHazards,
  ...portHazards,
  ...checkHazards,
  ...sleepHazards,
  ...addressHazards,
  ...memoryHazards,
  ...secretHazards,
];

/** Every hazard found, by place; `accepted`: codes that the author says are meant. */
export function findHazards(view: View, accepted: readonly string[] = []): readonly Finding[] {
  return flyHazards
    .filter(({ code }) => !accepted.includes(code))
    .flatMap((hazard) => hazard.find(view).map((trouble) => toFinding(hazard, trouble, view)))
    .sort((a, b) => a.place.file.localeCompare(b.place.file) || a.place.line - b.place.line);
}

function toFinding({ code, why, remedy, stops }: Hazard, trouble: Trouble, { file }: View): Finding {
  const problem = {
    severity: stops ? ('error' as const) : ('warning' as const),
    code,
    message: trouble.says,
    why,
    remedy: trouble.remedy ?? remedy,
  };
  const finding = isSpot(trouble.at)
    ? {
        ...problem,
        place: { file: trouble.at.file, line: trouble.at.line, column: trouble.at.column, length: trouble.at.length },
        text: trouble.at.text,
      }
    : findingAt(file.lines, file.span(trouble.at), problem);
  // The value of a setting may be a secret, and findings end in logs.
  return HOLDS_VALUES.test(code) ? { ...finding, text: finding.text.replace(/(=\s*).*$/, '$1…') } : finding;
}

const HOLDS_VALUES = /^(?:secret-|env-file-)/;
const isSpot = (at: Trouble['at']): at is Exclude<Trouble['at'], readonly unknown[]> => !Array.isArray(at);
