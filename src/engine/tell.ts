// A text of the runbook as a person is told it: values filled in, secrets by name.
import { fill, references } from '../text/expression.ts';
import type { Sitting } from './sitting.ts';

/** `${{ }}` filled in where it can be; what is not known yet stands as `(known after create-app)`, a secret as its name. */
export function tell(sitting: Sitting, text: string): string {
  const contexts = sitting.contexts();
  return text.replace(/\$\{\{(?:'(?:[^']|'')*'|[^'}]|\}(?!\}))*\}\}/g, (expression) => {
    const [first] = references(expression);
    if (first?.path[0] === 'secrets') return `(secret ${first.path.slice(1).join('.')})`;
    if (first?.path[0] === 'inputs' && sitting.input(first.path[1] ?? '')?.secret) return `(secret ${first.path[1]})`;
    const filled = fill(expression, contexts);
    if (filled.ok) return typeof filled.value === 'string' ? filled.value : JSON.stringify(filled.value);
    const from = /^steps\.([^.]+)/.exec(filled.missing[0] ?? '')?.[1];
    return from ? `(known after ${from})` : `(${filled.missing[0]} is not known)`;
  });
}
