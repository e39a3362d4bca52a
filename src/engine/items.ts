// A checklist: items ticked one by one, by one person or for several testers, filled bit by bit and never all at once.
import type { ChecklistItem, Step } from '../runbook/model.ts';
import { formatDuration } from '../text/duration.ts';
import { fill } from '../text/expression.ts';
import { askUntil, stopFor } from './ask.ts';
import { cardOf } from './card.ts';
import { waitingSteps } from './deadlines.ts';
import { stepOf } from './evolve.ts';
import { chooseSideWay, sideWays } from './side.ts';
import type { Sitting } from './sitting.ts';
import type { Tick } from './state.ts';
import { tell } from './tell.ts';
import { glance, watch } from './waiting.ts';

interface Cell {
  readonly item: number;
  readonly tester?: string;
  readonly label: string;
  readonly spec: ChecklistItem;
}

function cellsOf(sitting: Sitting, step: Step): readonly Cell[] {
  const form = step.form;
  if (form.form !== 'checklist') throw new Error(`step ${step.id} is not a checklist`);
  const named = form.testers.flatMap((tester) => {
    const filled = fill(tester, sitting.contexts());
    return filled.ok && Array.isArray(filled.value) ? filled.value.map(String) : [tell(sitting, tester)];
  });
  const testers = named.length > 0 ? named : [undefined];
  return testers.flatMap((tester) =>
    form.items.map((spec, item) => {
      const text = tell(sitting, spec.text);
      return {
        item,
        spec,
        ...(tester !== undefined && { tester }),
        label: tester === undefined ? text : `${tester}: ${text}`,
      };
    }),
  );
}

/** With what was said of it. */
function named(cell: Cell, ticks: readonly Tick[]): string {
  const note = tickOf(ticks, cell)?.note;
  return note === undefined ? cell.label : `${cell.label} (${note})`;
}

const tickOf = (ticks: readonly Tick[], cell: Cell): Tick | undefined =>
  ticks.findLast((tick) => tick.item === cell.item && tick.tester === cell.tester);

/** One turn: each open item is asked once. All pass → done; none open and one fails → failed; else it waits. */
export async function items(sitting: Sitting, step: Step): Promise<void> {
  sitting.alone = false;
  sitting.face.card(await cardOf(sitting, step));
  const cells = cellsOf(sitting, step);
  const order = [...cells];
  for (const cell of order) {
    const tick = tickOf(stepOf(sitting.state, step.id).ticks, cell);
    if (tick && tick.result !== 'watching') continue;
    await glance(sitting);
    let choice = await tickCell(sitting, step, cell, tick, cells);
    while (choice === 'change') {
      await change(sitting, step, cells);
      choice = await tickCell(sitting, step, cell, tick, cells);
    }
    if (choice === 'aside') return;
    // An item that is watched comes up again after the others, once its time is over.
    if (choice === 'started') order.push(cell);
  }
  const ticks = stepOf(sitting.state, step.id).ticks;
  const open = cells.filter((cell) => (tickOf(ticks, cell)?.result ?? 'watching') === 'watching');
  if (open.length > 0) {
    const what = `${open.length} of ${cells.length} items ${open.length === 1 ? 'is' : 'are'} open`;
    if (stepOf(sitting.state, step.id).status === 'waiting') {
      const others = waitingSteps(sitting);
      if (others.length > 0) return watch(sitting, others);
      throw stopFor({ absent: `"${step.title}" waits: ${what}` }, step);
    }
    sitting.append({ type: 'step.waiting', step: step.id, for: 'items', what, by: sitting.operator });
    return;
  }
  const failed = cells.filter((cell) => tickOf(ticks, cell)?.result === 'fail');
  if (failed.length > 0) {
    const why = `${failed.length} of ${cells.length} items ${failed.length === 1 ? 'fails' : 'fail'}: ${failed.map((cell) => named(cell, ticks)).join('; ')}`;
    sitting.append({ type: 'step.failed', step: step.id, why });
    return;
  }
  sitting.append({ type: 'step.done', step: step.id, how: 'on-word', by: sitting.operator, outputs: {}, evidence: {} });
}

type Turn = 'ticked' | 'later' | 'started' | 'aside' | 'change';

async function tickCell(
  sitting: Sitting,
  step: Step,
  cell: Cell,
  tick: Tick | undefined,
  cells: readonly Cell[],
): Promise<Turn> {
  const watched = cell.spec.for;
  if (watched !== undefined && tick) await untilWatched(sitting, step, cell, tick, watched);
  const start = watched !== undefined && !tick;
  const ticked = cells.some((one) => tickOf(stepOf(sitting.state, step.id).ticks, one));
  const answer = await askUntil(
    sitting,
    {
      id: `steps.${step.id}.item.${cell.item + 1}${cell.tester === undefined ? '' : `.${cell.tester}`}`,
      type: 'choice',
      about: 'tick',
      message: start ? `${cell.label} (watched for ${formatDuration(watched)})` : cell.label,
      options: [
        ...(start
          ? [{ value: 'watching', key: 'g', label: 'start watching now' }]
          : [{ value: 'pass', key: 'p', label: 'pass' }]),
        { value: 'fail', key: 'f', label: 'fail' },
        { value: 'later', key: 'l', label: 'later' },
        ...(ticked ? [{ value: 'change', key: 'e', label: 'change an earlier one' }] : []),
        ...sideWays(sitting, step),
      ],
      default: start ? 'watching' : 'pass',
    },
    sitting.signal,
    step,
  );
  if (!('value' in answer)) throw stopFor(answer, step);
  const result = answer.value;
  if (result === 'later' || result === 'change') return result;
  if (result === 'pass' || result === 'fail' || result === 'watching') {
    await write(sitting, step, cell, result);
    return result === 'watching' ? 'started' : 'ticked';
  }
  await chooseSideWay(sitting, step, result);
  return 'aside';
}

async function write(sitting: Sitting, step: Step, cell: Cell, result: Tick['result']): Promise<void> {
  const note = result === 'fail' ? await noteFor(sitting, step, cell) : '';
  sitting.append({
    type: 'item.ticked',
    step: step.id,
    item: cell.item,
    ...(cell.tester !== undefined && { tester: cell.tester }),
    result,
    ...(note !== '' && { note }),
    by: sitting.operator,
  });
}

async function noteFor(sitting: Sitting, step: Step, cell: Cell): Promise<string> {
  const answer = await askUntil(
    sitting,
    { id: `steps.${step.id}.item.note`, type: 'text', message: `What fails at "${cell.label}"?`, optional: true },
    sitting.signal,
    step,
  );
  if ('value' in answer) return answer.value;
  throw stopFor(answer, step);
}

/** Waits out what is left of the time an item is watched for. */
async function untilWatched(sitting: Sitting, step: Step, cell: Cell, tick: Tick, watched: number): Promise<void> {
  const left = Date.parse(tick.at) + watched - sitting.world.clock.now().getTime();
  if (left <= 0) return;
  const working = sitting.face.working(step.id, `${cell.label}: watched for ${formatDuration(left)} more`);
  await sitting.world.clock.sleep(left, sitting.signal);
  working.stop();
}

/** The person picks a tick that was wrong: it is the other one now. */
async function change(sitting: Sitting, step: Step, cells: readonly Cell[]): Promise<void> {
  const ticks = stepOf(sitting.state, step.id).ticks;
  const ticked = cells.filter((cell) => tickOf(ticks, cell));
  const answer = await askUntil(
    sitting,
    {
      id: `steps.${step.id}.change`,
      type: 'choice',
      about: 'way',
      message: 'Change which one?',
      options: ticked.map((cell) => ({
        value: String(cells.indexOf(cell)),
        label: `${cell.label} (${tickOf(ticks, cell)?.result})`,
      })),
    },
    sitting.signal,
    step,
  );
  if (!('value' in answer)) throw stopFor(answer, step);
  const chosen = cells[Number(answer.value)];
  if (!chosen) return;
  const result = tickOf(ticks, chosen)?.result === 'pass' ? 'fail' : 'pass';
  await write(sitting, step, chosen, result);
}
