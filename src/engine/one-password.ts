// A value put into 1Password by standard input: in a new item, or beside what this sitting has put into an item it made itself. Another
// item is never changed: op could only write it anew as a whole, with all that it holds (docs/decisions/0111).
import type { World } from '../system/world.ts';

interface Place {
  readonly vault: string;
  readonly item: string;
  readonly section?: string;
  readonly field: string;
}

/** What an `op://vault/item/[section/]field` names; undefined for anything else, and for what op only computes (`?attribute=otp`). */
export function placeOf(reference: string | undefined): Place | undefined {
  const [vault, item, ...rest] = /^op:\/\/([^?]+)$/.exec(reference ?? '')?.[1]?.split('/') ?? [];
  const [section, field] = rest.length === 2 ? rest : [undefined, rest[0]];
  if (!vault || !item || !field || section === '' || rest.length > 2) return undefined;
  return { vault, item, field, ...(section !== undefined && { section }) };
}

/** What this sitting has stored, by vault and item: an item is known as a whole only to who made it. */
export type NewItems = Map<string, readonly Field[]>;

type Field = Pick<Place, 'section' | 'field'> & { readonly value: string };

export const itemKey = ({ vault, item }: Place): string => `${vault}/${item}`;

/** Stored there and read back; else why not. */
export async function store(
  { processes }: Pick<World, 'processes'>,
  { reference, place, value }: { readonly reference: string; readonly place: Place; readonly value: string },
  newItems: NewItems,
): Promise<{ readonly why: string } | undefined> {
  const { vault, item } = place;
  const key = itemKey(place);
  const mine = newItems.get(key);
  const trouble = mine ? undefined : await inTheWay({ processes }, place);
  if (trouble !== undefined) return { why: trouble };
  const fields = [...(mine ?? []), { ...place, value }];
  const argv = mine ? ['op', 'item', 'edit', item, '--vault', vault] : ['op', 'item', 'create', '--vault', vault, '-'];
  const made = await processes.look(argv, { stdin: template(item, fields) });
  const back = await processes.look(['op', 'read', '--no-newline', reference]);
  if (back.exit === 0 && back.stdout === value) {
    newItems.set(key, fields);
    return undefined;
  }
  return {
    why:
      made.exit === 0
        ? `op does not read back what it stored at ${reference}`
        : `op stored nothing${said(made.stderr)}`,
  };
}

/** Why no item of that name can be made. */
async function inTheWay({ processes }: Pick<World, 'processes'>, { vault, item }: Place): Promise<string | undefined> {
  const list = await processes.look(['op', 'item', 'list', '--vault', vault, '--format', 'json']);
  if (list.missing) return 'there is no op on this machine';
  if (list.exit !== 0) return `op cannot list the vault ${vault}${said(list.stderr)}`;
  const items = titlesIn(list.stdout);
  if (items === undefined) return `op gives no list of the vault ${vault}`;
  return items.includes(item) ? `${item} is in ${vault} already, and what it holds is not touched` : undefined;
}

/** As `op item create` and `op item edit` read it: a note with hidden fields. */
function template(item: string, fields: readonly Field[]): string {
  const sections = new Set(fields.flatMap(({ section }) => section ?? []));
  return JSON.stringify({
    title: item,
    category: 'SECURE_NOTE',
    sections: [...sections].map((id) => ({ id, label: id })),
    fields: fields.map(({ section, field, value }) => ({
      id: section === undefined ? field : `${section}.${field}`,
      type: 'CONCEALED',
      label: field,
      value,
      ...(section !== undefined && { section: { id: section } }),
    })),
  });
}

/** Titles and ids of the items; undefined where it is no such list. */
function titlesIn(json: string): readonly string[] | undefined {
  if (json.trim() === '') return [];
  try {
    const items: unknown = JSON.parse(json);
    if (!Array.isArray(items)) return undefined;
    return items.flatMap((one: { readonly id?: unknown; readonly title?: unknown } | null) =>
      [one?.id, one?.title].filter((name): name is string => typeof name === 'string'),
    );
  } catch {
    return undefined; // Not JSON: a notice, or another op.
  }
}

/** Why `op` gave nothing, where it is one of its usual reasons: in our words, since its own may hold anything. */
export const whyOf = (stderr: string): string | undefined => REASONS.find(([match]) => match.test(stderr))?.[1];

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/session expired/i, 'the session of op has expired: run op signin, then start again'],
  [/not (?:currently )?signed in/i, 'op is not signed in: run op signin, then start again'],
  [
    /no accounts? configured/i,
    'op knows no account: connect it with the 1Password app (Settings, Developer), or run op account add',
  ],
  [
    /authorization (?:prompt|timeout|denied|dismissed)|prompt dismissed/i,
    '1Password asked whether op may read it, and nobody agreed: start again and agree',
  ],
  [
    /connect(?:ing)? to (?:the )?(?:1Password )?(?:desktop )?app/i,
    'op cannot reach the 1Password app: open and unlock it, then start again',
  ],
  [
    /isn.t (?:an? )?(?:item|field|vault|section)|no item found|could not (?:find|get) (?:item|vault)|does not have a field/i,
    'op finds no such vault, item or field',
  ],
];

const said = (stderr: string): string => {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return last === '' ? '' : `: ${last}`;
};
