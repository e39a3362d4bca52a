// The record of a run as one JSON document, with what the Markdown record tells and nothing else.

import type { LaunchEvent } from '../engine/events.ts';
import type { RunState } from '../engine/state.ts';
import type { Runbook } from '../runbook/model.ts';
import { safeJson } from '../text/escape.ts';
import { accountFor } from './account.ts';

export function renderJson(runbook: Runbook, events: readonly LaunchEvent[], state: RunState): string {
  return `${safeJson(accountFor(runbook, events, state), 2)}\n`;
}
