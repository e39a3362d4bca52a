// Calls that may read the environment by a name given to them: which function, which name, and functions that hand theirs on.
import type { CallExpression } from '@babel/types';
import { helperOf, isParameterOf } from './javascript-helpers.ts';
import type { EnvNames } from './javascript-names.ts';
import { bare, defaultOf, keyName, lastName, lineOf, type Node } from './javascript-tree.ts';
import { type Use, useOf } from './javascript-use.ts';
import type { Sighting } from './sighting.ts';
import type { Helper } from './through-helper.ts';

/** What is called: `requireEnv`, or `get` of `Config`. */
export interface Called {
  readonly helper: string;
  readonly object?: string;
  /** The object is all that another file exports. */
  readonly isWholeFile: boolean;
}

/** With a name of the environment as its first argument: of a helper, or of anything else. */
export interface HelperCall extends Called {
  readonly sighting: Sighting;
  readonly hasDefault: boolean;
}

/** A function that hands its parameter on to another one: a helper where that one is. */
export interface Wrapper {
  readonly helper: Helper;
  readonly called: Called;
}

interface Named {
  readonly name: string;
  readonly line: number;
}

export class HelperCalls {
  readonly calls: HelperCall[] = [];
  readonly wrappers: Wrapper[] = [];
  readonly #names: EnvNames;

  constructor(names: EnvNames) {
    this.#names = names;
  }

  add(
    { arguments: [, second] }: CallExpression,
    callee: Node,
    { name, line, use }: Named & { readonly use: Use },
  ): void {
    this.calls.push({
      ...this.#calledBy(callee),
      hasDefault: second !== undefined,
      sighting: {
        name,
        line,
        need: use.need,
        ...(use.default !== undefined && { default: use.default }),
        ...defaultOf(second),
        ...(use.sensitive && { sensitive: true }),
      },
    });
  }

  /** The name comes from a loop, a list, or a parameter: `NAMES.forEach(requireEnv)`, `(name) => requireEnv(name)`. */
  handedOn(node: CallExpression, callee: Node, above: readonly Node[]): void {
    const [first] = node.arguments;
    if (first?.type !== 'Identifier') return;
    if (callee.type === 'MemberExpression' && /^(forEach|map|flatMap|filter|every|some)$/.test(keyName(callee) ?? ''))
      for (const one of this.#names.listIn(callee.object))
        this.calls.push({ ...this.#calledBy(first), hasDefault: false, sighting: { ...one, need: 'plain' } });
    const variable = first.name;
    const use = useOf(node, above);
    for (let depth = above.length - 1; depth >= 0; depth--) {
      const scope = above[depth]!;
      const around = above.slice(0, depth);
      const list = this.#names.looped(scope, around, variable);
      for (const one of list ?? []) this.add(node, callee, { ...one, use });
      const helper = list ? undefined : helperOf(scope, around, { variable, use });
      if (helper) this.wrappers.push({ helper, called: this.#calledBy(callee) });
      if (list || isParameterOf(scope, variable)) return;
    }
    const text = this.#names.textOf(variable);
    if (text !== undefined) this.add(node, callee, { name: text, line: lineOf(node), use });
  }

  #calledBy(callee: Node): Called {
    const helper = this.#names.exportedAs(lastName(callee) ?? '');
    if (callee.type !== 'MemberExpression') return { helper, isWholeFile: false };
    const inner = bare(callee.object);
    const made = inner.type === 'NewExpression' ? inner.callee : inner;
    const object = inner.type === 'ThisExpression' ? 'this' : (lastName(made) ?? '');
    return { helper, object, isWholeFile: this.#names.wholeFiles.has(object) };
  }
}
