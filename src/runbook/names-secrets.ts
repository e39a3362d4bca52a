// Names of secrets: declared, of one app, and only where they are neither shown nor kept.
import { didYouMean } from '../text/closest.ts';
import { wholeExpression } from '../text/expression-scan.ts';
import type { Chain, Segment } from '../text/expression-tree.ts';
import { mapOf } from './draft.ts';
import type { Subject } from './rule.ts';
import type { Site } from './sites.ts';
import { tooLong, type WrongName } from './wrong-name.ts';

interface App {
  readonly app: string;
  readonly names: readonly string[];
}

export function wrongSecret(chain: Chain, name: Segment, site: Site, { document }: Subject): WrongName | undefined {
  const [root, , third] = chain.segments;
  if (!site.secrets) return { ...misplacedSecret(site), segment: root ?? name };
  const apps = Object.entries(mapOf(document.front.secrets)).map(([app, raw]) => ({
    app,
    names: Object.keys(mapOf(mapOf(raw).names)),
  }));
  if (third) return ofOneApp(chain, name, third, apps);
  if (name.computed) return wrong(name, 'name one secret', 'write secrets[app].NAME');
  const [first, second] = apps.filter(({ names }) => names.includes(name.name));
  if (!first) return unknownSecret(name, allNames(apps));
  if (!second) return undefined;
  const index = wholeExpression(first.app)?.trim() ?? `'${first.app}'`;
  return wrong(name, `several apps have a secret "${name.name}"`, `say which: secrets[${index}].${name.name}`);
}

/** `secrets['app'].NAME`, or with an expression as its index: then any app may be meant. */
function ofOneApp(chain: Chain, name: Segment, third: Segment, apps: readonly App[]): WrongName | undefined {
  const app = apps.find((one) => one.app === name.name);
  const known = app ? app.names : allNames(apps);
  if (!name.computed && !app) {
    if (known.includes(name.name)) return tooLong(chain, 2);
    const keys = apps.map((one) => one.app);
    const index = keys.map(wholeExpression).find((source) => source !== undefined);
    const remedy = didYouMean(name.name, keys) ?? (index ? `write secrets[${index.trim()}].${third.name}` : UNDECLARED);
    return wrong(name, `no secrets are declared for "${name.name}"`, remedy);
  }
  return known.includes(third.name) ? tooLong(chain, 3) : unknownSecret(third, known);
}

const UNDECLARED = 'declare it under "secrets"';

const allNames = (apps: readonly App[]): readonly string[] => [...new Set(apps.flatMap(({ names }) => names))];

const unknownSecret = (segment: Segment, known: readonly string[]): WrongName =>
  wrong(segment, `no secret is called "${segment.name}" here`, didYouMean(segment.name, known) ?? UNDECLARED);

const wrong = (segment: Segment, message: string, remedy: string): WrongName => ({
  segment,
  code: 'unknown-secret',
  message,
  remedy,
});

/** Secrets stand only where they are neither shown nor kept: `env`, `copy`, and fields that a kind names. */
export function misplacedSecret(site: Site): Omit<WrongName, 'segment'> {
  const remedy =
    site.use === 'command'
      ? 'put it under "env" of this step and write "$NAME" here'
      : 'secrets stand in "env", in "copy", and in fields for secrets such as "headers"';
  return { code: 'secret-place', message: 'a secret would be shown or kept here', remedy };
}
