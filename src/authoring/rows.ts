// A table of a plan whose rows are things to do: what, by whom, when, with which command, and what must come of it.
import type { Block } from '../document/outline.ts';
import { codeSpans, isLikeCommand } from './command.ts';
import { titleOf } from './title.ts';

type Table = Extract<Block, { kind: 'table' }>;

export interface Row {
  /** Markdown. */
  readonly text: string;
  /** With the time before it, where the plan has one. */
  readonly heading?: string;
  readonly who?: string;
  readonly ticked: boolean;
  /** Commands in a column of their own. */
  readonly code: readonly string[];
  /** What must come of it: somebody looks. */
  readonly expected?: string;
  /** The row names what is to be looked at. */
  readonly looks: boolean;
  readonly prose: string;
  readonly line: number;
}

/** undefined: the table tells something, and nothing in it is to be done. */
export function rowsOf({ columns, rows }: Table): readonly Row[] | undefined {
  const roles = columns.map((column, at) =>
    roleOf(
      column,
      rows.map(({ cells }) => cells[at] ?? ''),
    ),
  );
  const action = (['action', 'step', 'check', 'command'] as const)
    .map((role) => roles.indexOf(role))
    .find((at) => at !== -1);
  const others = roles.filter((role, at) => at !== action && role !== 'text');
  if (action === undefined || others.length === 0 || rows.length === 0) return undefined;
  return rows.map(({ cells, line }) => {
    const of = (role: Role): string => cells[roles.findIndex((one, at) => one === role && at !== action)] ?? '';
    const text = cells[action] || cells.find((cell) => cell !== '') || '…';
    const who = of('who').replace(/[*_`@]/g, '');
    const expected = of('expected').replace(/^[–—-]$/, '');
    return {
      text,
      line,
      code: commandsIn(of('command')),
      ticked: TICKED.test(of('status').replace(/[*_]/g, '')),
      looks: roles[action] === 'check',
      prose: [
        text,
        ...columns.flatMap((column, at) =>
          at === action || !cells[at] || isMark(roles[at], column, cells[at]) ? [] : [`${column}: ${cells[at]}`],
        ),
      ].join('\n\n'),
      ...(of('when') !== '' && { heading: `${of('when')}: ${titleOf(text)}` }),
      ...(/\p{L}/u.test(who) && { who }),
      ...(expected !== '' && { expected }),
    };
  });
}

/** A box to tick, a number that only counts the rows. */
const isMark = (role: Role | undefined, column: string, cell: string): boolean =>
  (role === 'status' && !/[\p{L}\d]{2}/u.test(cell)) || (role === 'number' && !/\p{L}/u.test(column));

type Role = 'action' | 'step' | 'check' | 'command' | 'who' | 'when' | 'status' | 'expected' | 'number' | 'text';

function roleOf(column: string, cells: readonly string[]): Role {
  const name = column.replace(/[*_`]/g, '').trim();
  const role = ROLES.find(([, words]) => words.test(name))?.[0] ?? 'text';
  // `4.1` below "Step" counts the steps; a tick below it says that one is done.
  const numbers = cells.every((cell) => /^([\d.]*[.)]?|\[[ xX]?\]|[^\p{L}\d]+)$/u.test(cell));
  return numbers && (role === 'step' || role === 'action') ? 'number' : role;
}

const ROLES: readonly (readonly [Role, RegExp])[] = [
  ['number', /^(#|no\.?|nr\.?|n°|№|id)$/i],
  ['command', /^(commands?|cmd|cli|kommandos?|befehle?|commandes?|comandos?)$/i],
  [
    'action',
    /^(actions?|what|tasks?|activit(y|ies)|to-?\s?do|do|what to do|instructions?|aktion|aufgaben?|tätigkeit|maßnahmen?|was|tâches?|acción|tareas?)$/i,
  ],
  ['step', /^(steps?|items?|schritte?|étapes?|pasos?)$/i],
  ['check', /^(checks?|tests?|verifications?|criteri(on|a)|prüfung(en)?|kriteri(um|en))$/i],
  [
    'who',
    /^(who|owner|dri|responsible|assignee|by( whom)?|person|team|wer|verantwortlich(er)?|zuständig|qui|quién|responsable)\b/i,
  ],
  ['when', /^(when|time|start|at|due|t|day|wann|zeit(punkt)?|uhrzeit|quand|heure|hora|cuándo)\b/i],
  [
    'expected',
    /^(expected|expectation|expected results?|results?|should be|outcome|erwartet\p{L}*|ergebnis|soll|résultat|resultado)\b/iu,
  ],
  ['status', /^(done\??|status|state|initials|ok\??|erledigt|fait|hecho|✓|✔|✅|☑)?$/iu],
];

const TICKED = /^(\[x\]|✅|☑️?|✔️?|✓|x|done|yes|ja|erledigt|oui|sí|hecho|fait)$/iu;

const commandsIn = (cell: string): readonly string[] => {
  const spans = codeSpans(cell);
  return (spans.length > 0 ? spans : [cell]).filter(isLikeCommand);
};
