// What a first runbook of an iOS app asks when it starts: the facts that could not be read, and those that nobody but a person has.
import type { Json } from '../text/json.ts';
import type { Keys } from './draft.ts';
import { type IosApp, RELEASE } from './ios-app.ts';

export function inputsOf({ bundleId, version, perhaps, encryption, xcode, ships }: IosApp): Keys {
  const schemes = xcode?.schemes ?? [];
  const targets = xcode?.targets ?? [];
  const configurations = xcode?.configurations ?? [];
  const byXcode = ships.by === 'xcode';
  return {
    ...(bundleId === undefined && {
      bundle_id: {
        description: 'Bundle id of the iOS app',
        ...standing(perhaps.bundleId, 'com.example.app'),
        pattern: '[A-Za-z0-9.-]+',
      },
    }),
    app_name: {
      description: 'Name of the app in App Store Connect, unique in the whole store',
      ...standing(perhaps.name, 'Example'),
      pattern: '.{2,30}',
    },
    ...(byXcode &&
      version === undefined && {
        version: {
          description: 'Version of the app, as the archive will have it',
          example: '1.0',
          pattern: '[0-9]+([.][0-9]+){0,2}',
        },
      }),
    ...(targets.length > 1 && { target: { description: 'Target of the app', options: targets } }),
    ...(xcode &&
      !configurations.includes(RELEASE) && {
        configuration: { description: 'Configuration that is archived', options: configurations },
      }),
    ...(byXcode && schemes.length !== 1 && { scheme: schemeInput(schemes) }),
    ...(ships.by === 'fastlane' &&
      ships.lanes.length > 1 && { lane: { description: 'Lane of fastlane that uploads', options: ships.lanes } }),
    ...(ships.by === 'eas' &&
      ships.profiles.length > 1 && { profile: { description: 'Profile of eas.json', options: ships.profiles } }),
    ...(encryption === undefined && {
      encryption: {
        description: 'Encryption of the iOS app: what is exempt only (HTTPS alone is), or other',
        options: ['exempt', 'other'],
      },
    }),
    group: { description: 'Name of the group of internal testers', default: 'Internal Testers' },
    testers: {
      description: 'E-mail addresses of the testers (users of App Store Connect), separated by commas',
      type: 'list',
      example: 'ann@example.com',
    },
  };
}

const schemeInput = (schemes: readonly string[]): Json =>
  schemes.length > 1
    ? { description: 'Scheme that is archived', options: schemes }
    : { description: 'Scheme that is archived (Product → Scheme → Manage Schemes)', example: 'App' };

const standing = (value: string | undefined, example: string): Keys =>
  value === undefined ? { example } : { default: value };
