// Puts known inputs and outputs into a text of the runbook, for reading only. What is not known stays as it is written.
import { stepOf } from '../engine/evolve.ts';
import type { RunState } from '../engine/state.ts';

/** Only plain names: `${{ inputs.app }}`, `${{ steps.certificate.outputs.target }}`, `${{ run.id }}`. Never a secret. */
export function fill(template: string, state: RunState): string {
  return template.replace(
    /\$\{\{\s*([\w.-]+)\s*\}\}/g,
    (written: string, path: string) => lookUp(path, state) ?? written,
  );
}

/** A text that is one list (`${{ inputs.testers }}`) stands for its values; any other for itself. */
export function fillList(template: string, state: RunState): readonly string[] {
  const [, name = ''] = /^\$\{\{\s*inputs\.([\w-]+)\s*\}\}$/.exec(template) ?? [];
  const value = Object.hasOwn(state.inputs, name) ? state.inputs[name] : undefined;
  return Array.isArray(value) ? value.map(String) : [fill(template, state)];
}

function lookUp(path: string, state: RunState): string | undefined {
  const [context, name = '', field, output = ''] = path.split('.');
  if (context === 'inputs' && field === undefined && Object.hasOwn(state.inputs, name))
    return asText(state.inputs[name]);
  if (context === 'run' && name === 'id') return state.run;
  if (context !== 'steps' || field !== 'outputs') return undefined;
  const { outputs } = stepOf(state, name);
  return Object.hasOwn(outputs, output) ? outputs[output] : undefined;
}

/** A value as a person reads it. */
export function asText(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(asText).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
