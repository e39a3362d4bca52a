// The app record in App Store Connect. Apple lets nobody create it by API: a person does, and we see it.
import { z } from 'zod';
import { defineStep, type Guide, type Look } from '../../src/step.ts';
import { type AppRow, absent, BundleId, findApps } from './apps.ts';
import { notSeen, type Ports } from './client.ts';
import { login } from './login.ts';

const With = z.strictObject({
  'bundle-id': BundleId,
  name: z.string().min(2).max(30, 'Apple allows 30 characters for the name'),
  sku: z.string().min(1).optional(),
  locale: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/, 'a language such as en-US')
    .default('en-US'),
});
type Want = z.output<typeof With>;

export const app = defineStep({
  name: 'appstore/app',
  summary: 'Create the app record in App Store Connect (by hand; seen by the API)',
  example: 'with: { bundle-id: com.example.app, name: Example, sku: example-ios }',
  with: With,
  outputs: z.object({ app_id: z.string() }),
  describe: (want) => `an app record "${want.name}" for ${want['bundle-id']} is in App Store Connect`,
  verify: look,
  guide,
  login,
  every: '15s',
  takes: 'five minutes',
  checkedAgainst: 'stand-in',
});

async function look(want: Want, ports: Ports): Promise<Look> {
  const id = want['bundle-id'];
  const read = await findApps(id, ports);
  if (!read.ok) return notSeen(read.problem);
  const [found] = read.value.exact;
  if (found === undefined) {
    const seen = absent(`no app record with the bundle id ${id}`, read.value.near);
    const hint =
      read.value.near.length > 0
        ? 'The wrong bundle id may have been picked from the list: it cannot be changed after the first upload.'
        : undefined;
    return {
      is: 'not-so',
      expected: `an app record with the bundle id ${id}`,
      seen,
      ...(hint !== undefined && { hint }),
    };
  }
  const other = differences(want, found);
  const seen = `"${found.attributes.name ?? '?'}" (${id}), Apple ID ${found.id}`;
  return { is: 'so', seen, outputs: { app_id: found.id }, ...(other.length > 0 && { warning: other.join('; ') }) };
}

/** The record is the right one by its bundle id; a name or SKU typed differently is worth a word. */
function differences({ name, sku, locale }: Want, { attributes }: AppRow): readonly string[] {
  const compared = [
    { what: 'name', expected: name, seen: attributes.name },
    { what: 'SKU', expected: sku, seen: attributes.sku },
    { what: 'primary language', expected: locale, seen: attributes.primaryLocale },
  ];
  return compared.flatMap(({ what, expected, seen }) =>
    expected === undefined || seen === undefined || seen === null || seen === expected
      ? []
      : [`its ${what} is "${seen}", the runbook says "${expected}"`],
  );
}

function guide({ 'bundle-id': id, name, sku = id, locale }: Want): Guide {
  return {
    open: 'https://appstoreconnect.apple.com/apps',
    copy: { Name: name, 'Bundle ID': id, SKU: sku },
    text: `Account Holder, Admin or App Manager. Look at the team name (top right) first; the bundle id must be registered before.

1. **Apps** → the blue **+** at the top → **New App**.
2. **Platforms**: tick **iOS**. **Name**: \`${name}\` (at most 30 characters, and nobody else's in the whole store). **Primary Language**: ${locale}.
3. **Bundle ID**: pick the line that ends with \`${id}\`. The list loads late. Mind the ones that only begin like it (\`.dev\`): it cannot be changed after the first upload.
4. **SKU**: \`${sku}\`. Users never see it.
5. **User Access**: **Full Access**. **Create** stays grey until one is chosen.
6. **Create**.

It has worked when the address shows \`/apps/\` and a number: that number is the app's Apple ID. If the name is taken, the dialog says so, and nothing was made.`,
  };
}
