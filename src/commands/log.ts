// `launch log`: the events of a run, in words or as they are.
import { describeEvent } from '../ui/words.ts';
import type { Call } from './main.ts';
import { outlinedRun } from './outlined.ts';

export async function log(call: Call): Promise<number> {
  const { io, flags } = call;
  const { events, outline } = await outlinedRun(call);
  for (const event of events) {
    if (flags.json) io.stdout.json(event);
    else
      io.stdout.write(
        `${String(event.n).padStart(4)}  ${event.at}  ${describeEvent(event, outline)?.lines.join('\n      ') ?? `${event.type}${'step' in event && event.step ? ` ${event.step}` : ''}`}\n`,
      );
  }
  return 0;
}
