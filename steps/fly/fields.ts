// The fields that fly kinds share. What they accept can never be read as a flag by fly.
import { z } from 'zod';

export const appName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'an app name has lower-case letters, digits and dashes, at most 63')
  .describe('Name of the Fly app');

export const regionCode = z
  .string()
  .regex(/^[a-z]{3}$/, 'a region is three lower-case letters, as in `fly platform regions`')
  .describe('Code of a Fly region');

export const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'an organization is named by its slug, as in `fly orgs list`')
  .describe('Slug of the Fly organization');

export const volumeName = z
  .string()
  .regex(/^[a-z0-9_]{1,30}$/, 'a volume name has lower-case letters, digits and underscores, at most 30')
  .describe('Name of the volume');

export const groupName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'a process group is named as in [processes] of fly.toml')
  .describe('Name of a process group');

export const hostName = z
  .string()
  .toLowerCase()
  .regex(
    /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
    'a host name like api.example.com, without a dot at the end',
  )
  .describe('Host name');

export const imageRef = z
  .string()
  .regex(/^[^-\s]\S*$/, 'a reference of an image, as in `fly releases --image`')
  .describe('Reference of an image');

export const secretName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a name of a secret has letters, digits and underscores')
  .describe('Name of a secret');

export const vmSize = z
  .string()
  .regex(/^[a-z0-9-]*[a-z0-9]x$/, 'a size is named as in `fly platform vm-sizes`')
  .describe('Size of a machine');

/** As fly takes it: `90s`, `5m`, `1h`. */
export const flyDuration = z.string().regex(/^\d+(s|m|h)$/, 'a duration is written like 90s, 5m or 1h');
