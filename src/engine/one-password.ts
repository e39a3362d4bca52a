// A value put into 1Password as a new item, by standard input. An item that is there is never changed: op can only write it anew as a
// whole, with every other secret it holds (docs/decisions/0111).
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

/** Stored there and read back; else why not. */
export async function store(
  { processes }: Pick<World, 'processes'>,
  reference: string,
  place: Place,
  value: string,
): Promise<{ readonly why: string } | undefined> {
  const { vault, item } = place;
  const list = await processes.look(['op', 'item', 'list', '--vault', vault, '--format', 'json']);
  if (list.missing) return { why: 'there is no op on this machine' };
  if (list.exit !== 0) return { why: `op cannot list the vault ${vault}${said(list.stderr)}` };
  const items = titlesIn(list.stdout);
  if (items === undefined) return { why: `op gives no list of the vault ${vault}` };
  if (items.includes(item)) return { why: `${item} is in ${vault} already, and what it holds is not touched` };
  const made = await processes.look(['op', 'item', 'create', '--vault', vault, '-'], { stdin: template(place, value) });
  const back = await processes.look(['op', 'read', '--no-newline', reference]);
  if (back.exit === 0 && back.stdout === value) return undefined;
  return {
    why:
      made.exit === 0
        ? `op does not read back what it stored at ${reference}`
        : `op stored nothing${said(made.stderr)}`,
  };
}

/** As `op item create` reads it: a note with one hidden field. */
function template({ item, section, field }: Place, value: string): string {
  return JSON.stringify({
    title: item,
    category: 'SECURE_NOTE',
    ...(section !== undefined && { sections: [{ id: section, label: section }] }),
    fields: [
      { id: field, type: 'CONCEALED', label: field, value, ...(section !== undefined && { section: { id: section } }) },
    ],
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

const said = (stderr: string): string => {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return last === '' ? '' : `: ${last}`;
};
