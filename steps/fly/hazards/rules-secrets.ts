// Secrets in the wrong place: in the file, in two places at once, in git, in the image.
import { isSecretName } from '../../../src/secrets/scan/sort-of-name.ts';
import type { Hazard } from './hazard.ts';

const secretInEnv: Hazard = {
  code: 'secret-in-env',
  why: 'the file is committed, and fly shows [env] to everyone who can see the app',
  remedy: 'take it out, make a new value (this one is known), and set it as a secret',
  stops: true,
  find: ({ config: { env } }) =>
    Object.entries(env)
      .filter(([name, value]) => looksSecret(name, value))
      .map(([name]) => ({ at: ['env', name], says: `${name} in [env] looks like a secret` })),
};

const secretAndEnv: Hazard = {
  code: 'secret-and-env',
  why: 'one of the two wins without a word, so what the file says may not be what runs',
  remedy: 'keep it in one place: take it out of [env], or write `to: fly-env` in the runbook',
  stops: false,
  find: ({ config: { env }, runbook }) =>
    runbook.secrets
      .filter(({ name, to, absent }) => to === 'fly-secret' && !absent && env[name] !== undefined)
      .map(({ name }) => ({ at: ['env', name], says: `${name} is both a secret of the app and in [env]` })),
};

const envFileInGit: Hazard = {
  code: 'env-file-in-git',
  why: 'the next `git add` takes its values along, and history keeps them for ever',
  remedy: 'add it to .gitignore; `git rm --cached` where it is already in',
  stops: false,
  find: ({ project }) =>
    project.envFiles
      .filter(({ inGit }) => inGit)
      .map(({ spot }) => ({ at: spot, says: `${spot.file} has values and no .gitignore leaves it out` })),
};

const envFileInImage: Hazard = {
  code: 'env-file-in-image',
  why: 'whoever can pull the image reads its values, and the program may read them in place of the secrets of the app',
  remedy: 'add it to .dockerignore',
  stops: true,
  find: ({ project }) =>
    project.envFiles
      .filter(({ inImage }) => inImage)
      .map(({ spot }) => ({ at: spot, says: `${spot.file} has values and the Dockerfile copies it into the image` })),
};

/** Values that only secrets have; and names of secrets with a value that is no mere word, number, path or address. */
function looksSecret(name: string, value: string): boolean {
  if (SECRET_VALUE.test(value)) return true;
  if (!isSecretName(name, { sensitive: false, open: false })) return false;
  return (
    value.length >= 12 &&
    !/^[a-z]+(?:[-_ ][a-z]+)*$/i.test(value) &&
    !/^(?:[a-z][a-z0-9+.-]*:\/)?\/|^[\d.]+$|^\$/.test(value)
  );
}

const SECRET_VALUE =
  /^(?:sk-[\w-]{16,}|sk_(?:live|test)_\w{10,}|rk_live_\w{10,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|SG\.[\w-]{10,}\.[\w-]{10,}|ey[\w-]{10,}\.ey[\w-]{10,}\.[\w-]*|FlyV1 .{20,}|fo1_.{20,})|-----BEGIN [A-Z ]*PRIVATE KEY-----|^[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:[^\s:/@]{3,}@/;
export const secretHazards: readonly Hazard[] = [secretInEnv, secretAndEnv, envFileInGit, envFileInImage];
