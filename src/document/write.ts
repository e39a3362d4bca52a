// Values as YAML, the way our own reader takes them: no aliases, no folded lines.
import { stringify } from 'yaml';
import type { Json } from '../text/json.ts';

/** Ends with a line feed. Short lists and maps stand on a line of their own each, so that a change shows in a diff. */
export const yamlOf = (value: Json | { readonly [key: string]: Json }): string =>
  stringify(value, { aliasDuplicateObjects: false, lineWidth: 0, version: '1.2' });
