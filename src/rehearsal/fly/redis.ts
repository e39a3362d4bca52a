// fly redis create, list: a database of Upstash beside the apps (facts/flyctl.md §3.23). It sets no secret anywhere.
import { resolveOrg } from './account.ts';
import { type Call, newId } from './call.ts';
import { canaryPassword } from './canary.ts';
import { FlyError } from './errors.ts';
import type { Redis } from './model.ts';
import { table } from './output.ts';
import { regions } from './regions.ts';

const fixedPlans = ['starter', 'standard', 'pro 2k', 'pro 10k'];
const plans = ['pay-as-you-go', ...fixedPlans];

export async function createRedis(call: Call): Promise<void> {
  const { flags } = call;
  const org = resolveOrg(call);
  const name = flags.text('name');
  const region = flags.text('region') || call.env.FLY_REGION;
  const plan = flags.text('plan')?.toLowerCase();
  if (region && !regions.some(({ code }) => code === region)) throw new FlyError(`region ${region} not found`);
  if (plan !== undefined && !plans.includes(plan)) throw new FlyError(`invalid plan name: ${flags.text('plan')}`);
  // Any that is missing would be asked for, and the error does not say which.
  const answered = [
    name !== undefined,
    region !== undefined,
    flags.is('no-replicas') || flags.list('replica-regions').length > 0,
    flags.is('enable-eviction') || flags.is('disable-eviction'),
    plan !== undefined,
    flags.given('enable-prodpack'),
    plan === undefined || !fixedPlans.includes(plan) || flags.given('enable-auto-upgrade'),
  ];
  if (name === undefined || region === undefined || plan === undefined || answered.includes(false))
    throw new FlyError('prompt: non interactive');
  if (call.strike('payment-missing'))
    throw new FlyError('To create an Upstash Redis database please add a payment method.');
  const made = await call.act(
    (state) => {
      if (state.redis?.some((one) => one.name === name))
        throw new FlyError('failed to create add-on: Name has already been taken');
      const one: Redis = { id: newId(state, 14), name, org: org.slug, region, plan };
      state.redis = [...(state.redis ?? []), one];
      return one;
    },
    () => `redis created ${name}`,
  );
  const url = `redis://default:${canaryPassword(`redis-${made.id}`)}@fly-${name}.upstash.io:6379`;
  call.out(
    `\nYour database ${name} is ready. Apps in the ${org.slug} org can connect to Redis at ${url}\n\nIf you have redis-cli installed, use fly redis connect to get a Redis console.\n`,
  );
}

export async function listRedis(call: Call): Promise<void> {
  call.out(
    table(
      ['Id', 'Name', 'Org', 'Plan', 'Primary Region', 'Read Regions'],
      (call.read().redis ?? []).map(({ id, name, org, plan, region }) => [id, name, org, plan, region, '']),
    ),
  );
}
