// Children of an attempt that outlived their launch: waited for, or ended. Never a second one beside them.
import type { Step } from '../runbook/model.ts';
import { askUntil, stopFor } from './ask.ts';
import type { Child } from './events.ts';
import type { Sitting } from './sitting.ts';
import { Stop } from './stop.ts';

/** Returns when none of them lives any more. */
export async function endOrphans(sitting: Sitting, step: Step, children: readonly Child[]): Promise<void> {
  const { processes } = sitting.world;
  for (const child of children) {
    if (processes.lives(child) === 'elsewhere')
      throw new Stop(`"${step.title}" was started on ${child.host}, and may still run there`, 4, step.id);
    if (processes.lives(child) !== 'alive') continue;
    const left = new AbortController();
    const gone = waitUntilGone(sitting, child, left.signal).then(() => left.abort());
    const answer = await askUntil(
      sitting,
      {
        id: `steps.${step.id}.orphan`,
        type: 'choice',
        about: 'resume',
        message: `The command of "${step.title}" still runs (process ${child.pid}).`,
        options: [
          { value: 'wait', key: 'w', label: 'wait for it' },
          { value: 'end', key: 'x', label: 'end it' },
          { value: 'stop', key: 'q', label: 'stop and keep' },
        ],
        default: 'wait',
      },
      AbortSignal.any([sitting.signal, left.signal]),
      step,
    );
    if ('value' in answer && answer.value === 'end') await processes.endOrphan(child);
    else if (('value' in answer && answer.value === 'stop') || 'stop' in answer) {
      left.abort();
      throw stopFor({ stop: true }, step);
    }
    const working = sitting.face.working(step.id, `Waiting for process ${child.pid}`);
    await gone;
    working.stop();
    if (sitting.signal.aborted) throw stopFor({ withdrawn: true }, step);
  }
}

async function waitUntilGone(sitting: Sitting, child: Child, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !sitting.signal.aborted && sitting.world.processes.lives(child) === 'alive')
    await sitting.world.pause(100);
}
