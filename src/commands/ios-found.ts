// What the files of a project say of its iOS app: the Xcode project, app.json of Expo, eas.json, the lanes of fastlane. Nothing is run, nothing is guessed.
import { basename, dirname, join } from 'node:path';
import { isAside, walkProject } from '../../steps/fly/hazards/project-files.ts';
import { bundleIdOf, effective, versionOf } from '../../steps/xcode/facts.ts';
import { type Build, isYes, type Project, readProject } from '../../steps/xcode/project.ts';
import type { Setting } from '../../steps/xcode/settings-levels.ts';
import type { IosApp, Ships, XcodeApp } from '../authoring/ios-app.ts';
import type { Use } from '../system/ports.ts';
import { isMap, type Json } from '../text/json.ts';

type Ports = Use<'files'>;

/** `several`: Xcode projects of which any could be meant. */
export async function findIosApp(
  ports: Ports,
): Promise<{ readonly app?: IosApp; readonly several: readonly string[] }> {
  const { paths, read } = await walkProject(ports);
  const files = paths.filter((path) => !isAside(path));
  const apps = await xcodeApps(files, ports);
  if (apps.length > 1) return { several: apps.map(({ app }) => app.project) };
  const app = await iosApp(files, apps[0], read);
  return { several: [], ...(app && { app }) };
}

async function iosApp(
  files: readonly string[],
  xcode: XcodeFound | undefined,
  read: Read,
): Promise<IosApp | undefined> {
  const expo = await expoFacts(files, read);
  if (!xcode && !expo?.isIos) return undefined;
  const profiles = expo && files.includes('eas.json') ? profilesOf(json(await read('eas.json'))) : undefined;
  const lane = await laneIn(files, read);
  const ships: Ships =
    profiles !== undefined ? { by: 'eas', profiles } : (lane ?? { by: xcode ? ('xcode' as const) : ('hand' as const) });
  const { perhaps, ...facts } = xcode?.facts ?? expo?.facts ?? { perhaps: {} };
  return {
    ...facts,
    perhaps: { ...expo?.facts.perhaps, ...perhaps },
    ...(xcode && { xcode: xcode.app }),
    ships,
  };
}

type Facts = Pick<IosApp, 'bundleId' | 'version' | 'perhaps' | 'encryption'>;

interface XcodeFound {
  readonly app: XcodeApp;
  readonly facts: Facts;
}

/** Xcode projects with an app for iPhones. */
async function xcodeApps(files: readonly string[], ports: Ports): Promise<readonly XcodeFound[]> {
  const projects = files.filter((path) => path.endsWith('.xcodeproj/project.pbxproj'));
  const found = await Promise.all(projects.map((path) => readXcode(path, files, ports)));
  return found.filter((one) => one !== undefined);
}

async function readXcode(path: string, files: readonly string[], ports: Ports): Promise<XcodeFound | undefined> {
  const place = dirname(path);
  const project = await readProject(place, ports).catch(() => undefined); // Not to be parsed: nothing is known of it.
  const built = await Promise.all(
    (project?.targets ?? []).filter(({ isApp }) => isApp).map((one) => read(project, one)),
  );
  const phones = built.filter(({ build }) => isForPhones(build));
  const [only, ...others] = phones;
  if (!only) return undefined;
  const workspaces = [...new Set(files.flatMap((file) => /^(.*[^/]\.xcworkspace)\//.exec(file)?.[1] ?? []))].filter(
    (one) => dirname(one) === dirname(place),
  );
  const [workspace] = workspaces;
  const style = others.length === 0 ? only.build?.setting('CODE_SIGN_STYLE').value?.toLowerCase() : undefined;
  const app: XcodeApp = {
    project: place,
    ...(workspaces.length === 1 && workspace !== undefined && { workspace }),
    targets: phones.map(({ name }) => name),
    schemes: schemesOf(files, dirname(place), only.name),
    configurations: only.configurations,
    ...((style === 'automatic' || style === 'manual') && { signing: style }),
  };
  return { app, facts: others.length === 0 && only.build ? factsOf(only.build) : { perhaps: {} } };
}

async function read(project: Project | undefined, target: Project['targets'][number]) {
  const { name, configurations } = target;
  const build = configurations.includes('Release') ? await project?.build(target, 'Release') : undefined;
  return { name, configurations, build };
}

/** Not for a Mac, a watch or a television; where it says nothing, Xcode asks iOS. */
const isForPhones = (build: Build | undefined): boolean =>
  !/macosx|watchos|appletvos|xros/.test(build?.setting('SDKROOT').value ?? '');

/** Shared ones beside the project; the one that is called like the target is the one. */
function schemesOf(files: readonly string[], folder: string, target: string): readonly string[] {
  const all = files
    .filter((path) => path.endsWith('.xcscheme') && (folder === '.' || path.startsWith(`${folder}/`)))
    .map((path) => basename(path, '.xcscheme'));
  const names = [...new Set(all)];
  return names.includes(target) ? [target] : names;
}

function factsOf(build: Build): Facts {
  const bundleId = whole(bundleIdOf(build));
  const version = whole(versionOf(build));
  const name =
    whole(effective('CFBundleDisplayName', 'INFOPLIST_KEY_CFBundleDisplayName')(build)) ??
    whole(effective('CFBundleName', 'PRODUCT_NAME')(build));
  const encryption = whole(build.plist('ITSAppUsesNonExemptEncryption'));
  return {
    ...(bundleId !== undefined && BUNDLE_ID.test(bundleId) && { bundleId }),
    ...(version !== undefined && VERSION.test(version) && { version }),
    perhaps: nameOf(name),
    ...(encryption !== undefined && { encryption: isYes(encryption) ? 'other' : 'exempt' }),
  };
}

/** Known, and known to be all. */
const whole = ({ value, unsure }: Setting): string | undefined =>
  unsure === undefined && value !== '' ? value : undefined;

const BUNDLE_ID = /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;
const VERSION = /^\d+(\.\d+){0,2}$/;

const nameOf = (name: unknown): Facts['perhaps'] =>
  typeof name === 'string' && name.length >= 2 && name.length <= 30 ? { name } : {};

type Read = (path: string) => Promise<string | undefined>;

/** app.json is data. Beside an app.config.js it is only what that begins with. */
async function expoFacts(
  files: readonly string[],
  read: Read,
): Promise<{ readonly isIos: boolean; readonly facts: Facts } | undefined> {
  const code = files.find((path) => /^app\.config\.([cm]?[jt]s)$/.test(path));
  const whole = json(files.includes('app.json') ? await read('app.json') : undefined);
  const expo = isMap(whole.expo) ? whole.expo : undefined;
  if (!expo && code === undefined) return undefined;
  const ios = mapIn(expo, 'ios');
  const written = expo ? ios.bundleIdentifier : literalIn(code === undefined ? undefined : await read(code));
  const bundleId = typeof written === 'string' && BUNDLE_ID.test(written) ? written : undefined;
  const name = nameOf(expo?.name);
  const version = expo?.version;
  const isIos =
    bundleId !== undefined ||
    (Array.isArray(expo?.platforms) ? expo.platforms.includes('ios') : expo?.ios !== undefined);
  if (code !== undefined)
    return {
      isIos: isIos || files.includes('eas.json'),
      facts: { perhaps: { ...name, ...(bundleId !== undefined && { bundleId }) } },
    };
  const declared =
    mapIn(ios, 'config').usesNonExemptEncryption ?? mapIn(ios, 'infoPlist').ITSAppUsesNonExemptEncryption;
  return {
    isIos,
    facts: {
      ...(bundleId !== undefined && { bundleId }),
      ...(typeof version === 'string' && VERSION.test(version) && { version }),
      perhaps: name,
      ...(typeof declared === 'boolean' && { encryption: declared ? 'other' : 'exempt' }),
    },
  };
}

/** Where code names it once, as a text. */
function literalIn(code: string | undefined): string | undefined {
  const all = [...(code ?? '').matchAll(/\bbundleIdentifier\b\s*:?\s*(?:(['"`])([^'"`]*)\1\s*[,}\n])?/g)];
  return all.length === 1 ? all[0]?.[2] : undefined;
}

/** Those for the store; undefined where it has no builds. */
function profilesOf(eas: JsonMap): readonly string[] {
  const store = Object.entries(mapIn(eas, 'build')).filter(
    ([, profile]) => isMap(profile) && profile.distribution !== 'internal' && profile.developmentClient !== true,
  );
  const names = store.map(([name]) => name).filter((name) => /^[\w-]+$/.test(name));
  return names.includes('production') ? ['production'] : names;
}

/** Lanes that upload to TestFlight, in the Fastfile nearest to the top. */
async function laneIn(files: readonly string[], read: Read): Promise<Extract<Ships, { by: 'fastlane' }> | undefined> {
  const file = ['fastlane/Fastfile', 'ios/fastlane/Fastfile'].find((path) => files.includes(path));
  const lanes = file === undefined ? [] : lanesOf((await read(file)) ?? '');
  if (file === undefined || lanes.length === 0) return undefined;
  const folder = dirname(dirname(file));
  const bundled = /\bfastlane\b/.test((await read(join(folder, 'Gemfile'))) ?? '');
  const ofIos = lanes.every((lane) => lane.startsWith('ios '));
  // Several of no one platform could not be said by their names alone.
  if (lanes.length > 1 && !ofIos && lanes.some((lane) => lane.includes(' '))) return undefined;
  return {
    by: 'fastlane',
    command: [...(bundled ? ['bundle exec'] : []), 'fastlane', ...(ofIos ? ['ios'] : [])].join(' '),
    lanes: lanes.map((lane) => lane.replace(/^ios /, '')),
    ...(folder !== '.' && { folder }),
  };
}

/** `ios beta`; `beta` where it stands in no platform. */
function lanesOf(fastfile: string): readonly string[] {
  const parts = fastfile.split(/^(?=[ \t]*(?:platform|lane|private_lane)[ \t]+:\w+)/m);
  let platform = '';
  return parts.flatMap((part) => {
    const [, sort, name = ''] = /^[ \t]*(platform|lane|private_lane)[ \t]+:(\w+)/.exec(part) ?? [];
    if (sort === 'platform') platform = name;
    const uploads = /^[^#\n]*\b(upload_to_testflight|testflight|pilot)\b/m.test(part.slice(part.indexOf('\n') + 1));
    return sort === 'lane' && uploads && platform !== 'android' ? [platform === '' ? name : `${platform} ${name}`] : [];
  });
}

type JsonMap = Readonly<Record<string, Json>>;

const mapIn = (map: JsonMap | undefined, key: string): JsonMap => {
  const value = map?.[key];
  return isMap(value) ? value : {};
};

function json(text: string | undefined): JsonMap {
  try {
    const value: Json = JSON.parse(text ?? '{}');
    return isMap(value) ? value : {};
  } catch {
    return {}; // Its own tool will say what is wrong in it.
  }
}
