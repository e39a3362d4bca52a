// The record of a release around a rollout: made, running, and how it ended (facts/flyctl.md §3.11.2 phases 8, 9, 15).
import { type Call, newId, stamp } from './call.ts';
import type { Definition } from './definition.ts';
import { Cancelled } from './errors.ts';
import { dropLeases } from './machines.ts';
import type { FlyApp, Release } from './model.ts';
import { rollOut } from './rollout.ts';
import { ConnectionLost, type Rollout } from './rollout-plan.ts';

/** Makes release N, carries it out by `first` (a release command) and the rollout, and records its end. Throws what went wrong. */
export async function release(
  call: Call,
  made: { config: Definition; image: string; description: string; first?: (release: Release) => Promise<void> },
  plan: Omit<Rollout, 'releaseId' | 'version' | 'config' | 'image'>,
): Promise<Release> {
  const record = call.change(
    (state) => newRelease(call, call.app(state), state, made),
    ({ version }) => `release created ${version}`,
  );
  await call.step();
  mark(call, record, 'running');
  try {
    await made.first?.(record);
    await rollOut(call, {
      ...plan,
      releaseId: record.id,
      version: record.version,
      config: made.config,
      image: made.image,
      ...(call.strike('stale-secrets') ? { secretsVersion: call.app(call.read()).secretsVersion - 1 } : {}),
    });
  } catch (error) {
    if (!(error instanceof ConnectionLost)) mark(call, record, error instanceof Cancelled ? 'interrupted' : 'failed');
    throw error;
  }
  mark(call, record, 'complete');
  await call.step();
  return record;
}

/** One line that names the release, for programs that ask for it by `FLY_EMIT_RELEASE_JSON`. */
export function emitRelease(call: Call, { id, version, imageRef }: Release): void {
  if (call.env.FLY_EMIT_RELEASE_JSON) call.out(JSON.stringify({ id, version, image_ref: imageRef }) + '\n');
}

function newRelease(
  call: Call,
  app: FlyApp,
  state: Parameters<typeof newId>[0],
  made: { config: Definition; image: string; description: string },
): Release {
  const record: Release = {
    id: `rel_${newId(state, 16)}`,
    version: (app.releases.at(-1)?.version ?? 0) + 1,
    status: 'pending',
    imageRef: made.image,
    description: made.description,
    email: call.identity.email,
    createdAt: stamp(state, call.now()),
    config: made.config,
  };
  app.releases.push(record);
  return record;
}

function mark(call: Call, { version }: Release, status: Release['status']): void {
  call.change((state) => {
    const app = call.app(state);
    const found = app.releases.find((one) => one.version === version);
    if (found) found.status = status;
    if (status !== 'running') dropLeases(app, call.nonce);
    if (status === 'complete') {
      app.deployed = true;
      app.status = 'deployed';
    }
  });
}
