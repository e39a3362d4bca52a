// Addresses of an app (facts/flyctl.md §3.8).
import { type Call, newId, stamp } from './call.ts';
import { FlyError } from './errors.ts';
import type { FlyState, IpAddress } from './model.ts';
import { goTime, table, zeroTime } from './output.ts';

/** Gives the app one more address; the shared v4 is only ever one. Returns it. */
export function allocate(call: Call, state: FlyState, type: IpAddress['Type'] | 'shared_v4'): string {
  const app = call.app(state);
  const [n, m] = [state.counter % 250, Math.floor(state.counter / 250) % 250];
  const id = newId(state, 20);
  if (type === 'shared_v4') {
    app.sharedV4 ??= `66.241.124.${n + 1}`;
    return app.sharedV4;
  }
  const Address = {
    v4: `137.66.${m + 1}.${n + 1}`,
    v6: `2a09:8280:1::${id.slice(0, 2)}:${id.slice(2, 6)}:0`,
    private_v6: `fdaa:0:${id.slice(0, 4)}:0:1::${n + 2}`,
  }[type];
  const Network = type === 'private_v6' ? { Name: 'default', Organization: { Slug: app.org } } : null;
  app.ips.push({
    ID: `ip_${id}`,
    Address,
    Type: type,
    Region: 'global',
    CreatedAt: goTime(stamp(state, call.now())),
    ServiceName: '',
    Network,
  });
  return Address;
}

export async function listIps(call: Call): Promise<void> {
  const app = call.app(call.read());
  const shared = {
    ID: '',
    Address: app.sharedV4 ?? '',
    Type: 'shared_v4',
    Region: '',
    CreatedAt: zeroTime,
    ServiceName: '',
    Network: null,
  };
  const rows = app.sharedV4 === undefined ? app.ips : [...app.ips, shared];
  if (call.wantsJson) return call.json(rows);
  call.out(
    table(
      ['Version', 'IP', 'Type', 'Region', 'Created At'],
      rows.map(({ Type, Address, Region, CreatedAt }) => [Type.slice(-2), Address, Type, Region, CreatedAt]),
    ),
  );
}

export async function allocateV4(call: Call): Promise<void> {
  const shared = call.flags.is('shared');
  if (!shared && !call.flags.is('yes')) {
    call.err("Looks like you're accessing a paid feature. Dedicated IPv4 addresses cost $2/mo.\n");
    throw new FlyError('yes flag must be specified when not running interactively');
  }
  await allocateAndTell(call, shared ? 'shared_v4' : 'v4');
}

export async function allocateV6(call: Call): Promise<void> {
  await allocateAndTell(call, call.flags.is('private') ? 'private_v6' : 'v6');
}

export async function releaseIps(call: Call): Promise<void> {
  for (const address of call.args) {
    if (!/^[\d.]+$|^[\da-f:]+$/i.test(address)) throw new FlyError(`Invalid IP address: '${address}'`);
    await call.act(
      (state) => {
        const app = call.app(state);
        if (app.sharedV4 === address) app.sharedV4 = undefined;
        else if (app.ips.some(({ Address }) => Address === address))
          app.ips = app.ips.filter(({ Address }) => Address !== address);
        else throw new FlyError(`failed to release IP address: Could not find IP address ${address}`);
      },
      () => `ip released ${address}`,
    );
    call.out(`Released ${address} from ${call.appName}\n`);
  }
}

async function allocateAndTell(call: Call, type: IpAddress['Type'] | 'shared_v4'): Promise<void> {
  const had = call.app(call.read()).sharedV4;
  const address = await call.act(
    (state) => allocate(call, state, type),
    (given) => (given === had ? undefined : `ip allocated ${type}`),
  );
  call.out(
    table(['Version', 'IP', 'Type', 'Region', 'Created At'], [[type.slice(-2), address, type, 'global', 'just now']]),
  );
}
