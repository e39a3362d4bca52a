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
