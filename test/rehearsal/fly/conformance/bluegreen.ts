// The bluegreen strategy: a second set of machines, health, and the first set destroyed (facts/flyctl.md §3.11.4).
import { a, type Row, sol, toml } from './row.ts';

const free = toml.replace(/\[\[mounts\]\]\n.*\n.*\n/, '');
const idsOf = (state: Parameters<typeof sol>[0]) => sol(state).machines.map(({ id }) => id);
const unmounted = (state: Parameters<typeof sol>[0]) => {
  for (const machine of sol(state).machines) Object.assign(machine, { id: 'feedfacecafe01' });
  for (const { config } of sol(state).machines) config.mounts = undefined;
};
const green = (rest: Partial<Row>): Row => ({
  section: '3.11.4',
  argv: ['deploy', ...a, '--strategy', 'bluegreen'],
  start: 'deployed',
  files: { 'fly.toml': free },
  given: unmounted,
  exit: 1,
  ...rest,
});

export const bluegreen: readonly Row[] = [
  green({
    exit: 0,
    stderr: /Creating green machines.*now ready.*Machine feedfacecafe01 destroyed.*Deployment Complete/s,
    after: (state) => [idsOf(state).length, idsOf(state)[0] !== 'feedfacecafe01', sol(state).releases.length],
    is: [1, true, 2],
  }),
  green({
    fault: ['health-failing', 'fly deploy'],
    stderr: /Rolling back failed deployment.*Error: wait timeout\ncould not get all green machines to be healthy\n$/s,
    after: (state) => [idsOf(state), sol(state).releases.map(({ status }) => status)],
    is: [['feedfacecafe01'], ['complete', 'failed']],
  }),
  green({
    fault: ['machine-not-starting', 'fly deploy'],
    stderr: /could not get all green machines into started state/,
    after: idsOf,
    is: ['feedfacecafe01'],
  }),
  green({
    fault: ['no-room', 'fly deploy'],
    stderr: /insufficient resources.*\nfailed to create green machines/s,
    after: idsOf,
    is: ['feedfacecafe01'],
  }),
  green({
    fault: ['network-lost-midway', 'fly deploy'],
    stderr: /no such host/,
    after: (state) => [idsOf(state).length, sol(state).releases.at(-1)?.status],
    is: [2, 'running'],
  }),
  green({
    files: { 'fly.toml': free.replace(/ {2}\[\[http_service.checks\]\]\n.*\n/, '') },
    stderr: /You need to define at least 1 check.*Error: app not in valid state for bluegreen deployments/s,
    after: idsOf,
    is: ['feedfacecafe01'],
  }),
  green({
    given: (state) => {
      unmounted(state);
      const [one] = sol(state).machines;
      if (one) sol(state).machines.push({ ...one, id: 'feedfacecafe02', config: { ...one.config, image: 'old:1' } });
    },
    stderr: /Found 2 different images.*Error: found multiple image versions/s,
  }),
  green({
    given: (state) => {
      unmounted(state);
      const [one] = sol(state).machines;
      const metadata = { fly_process_group: 'app' };
      if (one) sol(state).machines.push({ ...one, id: 'feedfacecafe02', config: { ...one.config, metadata } });
    },
    stderr: /bluegreen deployment can't safely continue/,
  }),
  green({ given: undefined, files: { 'fly.toml': toml }, stderr: /needs an unattached volume named 'data'/ }),
];
