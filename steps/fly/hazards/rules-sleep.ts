// Machines that are stopped when no request comes: what else runs in them stops too, and who calls first waits.
import type { Service } from '../fly-toml.ts';
import type { Hazard } from './hazard.ts';
import { startedBy } from './started.ts';
import type { View } from './view.ts';

const sleepingWorker: Hazard = {
  code: 'sleeping-worker',
  why: 'fly sees requests only: with none it stops the machine, and the worker in it with its jobs half done and its queue waiting',
  remedy:
    '`auto_stop_machines = "off"`, or `min_machines_running = 1`, or the worker in a process group without a service',
  stops: true,
  find: (view) =>
    sleepers(view.config.services).flatMap((service) => {
      const group = service.groups.find((one) => worksInside(one, view));
      return group === undefined
        ? []
        : [
            {
              at: [...service.at, 'auto_stop_machines'],
              says: `machines of ${group} are stopped when idle, and a worker runs in them`,
            },
          ];
    }),
};

const sleepingWebhook: Hazard = {
  code: 'sleeping-webhook',
  why: 'the first call waits for a machine to start; who sends webhooks gives up after a few seconds and may not call again',
  remedy: '`auto_stop_machines = "off"`, or `min_machines_running = 1`',
  stops: false,
  find: ({ config: { services }, project: { code } }) => {
    const [webhook] = code.webhooks;
    if (!webhook) return [];
    return sleepers(services).map(({ at }) => ({
      at: [...at, 'auto_stop_machines'],
      says: `all machines may be stopped, and a webhook is answered there (${webhook.file}:${webhook.line})`,
    }));
  },
};

const neverWakes: Hazard = {
  code: 'never-wakes',
  why: 'a machine that was stopped stays so: the app is gone after its first quiet hour',
  remedy: '`auto_start_machines = true`, or `auto_stop_machines = "off"`',
  stops: true,
  find: ({ config: { services } }) =>
    services
      .filter(({ stops, startsAgain }) => stops && !startsAgain)
      .map(({ at }) => ({
        at: [...at, 'auto_start_machines'],
        says: 'machines are stopped when idle and never started again',
      })),
};

/** All its machines may be stopped. */
export const sleepers = (services: readonly Service[]): readonly Service[] =>
  services.filter(({ stops, running }) => stops && running === 0);

/** By its command or by what the code is built on; where there is a group for it, the worker runs there. */
function worksInside(group: string, view: View): boolean {
  const { groups } = view.config;
  const elsewhere = groups.some(
    (other) => other !== group && WORKER.test(`${other} ${view.config.commands[other] ?? ''}`),
  );
  if (elsewhere) return false;
  return WORKER.test(startedBy(group, view)) || QUEUES.some((name) => view.project.dependencies.has(name));
}

const WORKER = /\b(?:[\w-]*workers?|sidekiq|celery|queue:work|scheduler|consumer)\b/i;
const QUEUES = ['bullmq', 'bull', 'bee-queue', 'agenda', 'pg-boss', 'graphile-worker', 'node-cron', 'cron'];

export const sleepHazards: readonly Hazard[] = [sleepingWorker, sleepingWebhook, neverWakes];
