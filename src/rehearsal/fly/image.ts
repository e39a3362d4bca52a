// Where the image of a deploy comes from: named, or built from a Dockerfile (facts/flyctl.md §3.11.7).
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { table } from './app-config.ts';
import { type Call, newId } from './call.ts';
import { type Definition, text } from './definition.ts';
import { FlyError } from './errors.ts';

/** Phase 3. The build section wins over flags, `--image` over all. */
export async function imageOf(call: Call, config: Definition): Promise<string> {
  const given = call.flags.text('image') ?? text(table(config.build).image);
  if (given !== undefined) {
    call.err(`Searching for image '${given}' remotely...\n`);
    await call.step();
    call.err(`image found: img_${given.length}\n`);
    return given;
  }
  call.err('==> Building image\n');
  await call.step();
  if (call.strike('build-failing')) {
    call.err('#7 ERROR: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1\n');
    throw new FlyError(
      'failed to fetch an image or build from source: error building: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
    );
  }
  if (!canBuild(call, config))
    throw new FlyError(
      'failed to fetch an image or build from source: app does not have a Dockerfile or buildpacks configured. See https://fly.io/docs/reference/configuration/#the-build-section',
    );
  const label =
    call.flags.text('image-label') ?? `deployment-01${call.change((state) => newId(state, 24)).toUpperCase()}`;
  for (const line of [
    '#1 [internal] load build definition',
    '#2 [internal] load .dockerignore',
    '#3 exporting to image',
  ]) {
    call.err(line + '\n');
    await call.step();
  }
  const image = `registry.fly.io/${call.appName}:${label}`;
  call.err(`--> Building image done\nimage: ${image}\nimage size: 212 MB\n`);
  return image;
}

function canBuild(call: Call, config: Definition): boolean {
  const build = table(config.build);
  if (build.builder !== undefined || build.buildpacks !== undefined || build.builtin !== undefined) return true;
  const named = text(build.dockerfile);
  if (named !== undefined) return existsSync(resolve(call.config ? dirname(call.config.path) : process.cwd(), named));
  const flag = call.flags.text('dockerfile');
  if (flag !== undefined) return existsSync(resolve(process.cwd(), flag));
  return ['Dockerfile', 'dockerfile'].some((name) => existsSync(join(process.cwd(), name)));
}
