// The one door to an Xcode project: its targets, and what a build of one of them in a configuration is made with.
import type { Use } from '../../src/system/ports.ts';
import { asMap, asText, asTexts, type Dictionary, flat, type Objects, parseObjects } from './objects.ts';
import { type Plist, parsePlist } from './plist.ts';
import { createResolver, type Level, type Resolver, type Setting } from './settings-levels.ts';
import { joinPath, readXcconfig } from './xcconfig.ts';

export interface Target {
  readonly id: string;
  readonly name: string;
  readonly isApp: boolean;
  readonly configurations: readonly string[];
}
export interface Project {
  readonly path: string;
  readonly targets: readonly Target[];
  /** Reads what a build of that target would use. `target.configurations` must have the configuration. */
  build(target: Target, configuration: string): Promise<Build>;
}
export interface Build {
  setting(name: string): Setting;
  /** A value of the Info.plist, by key or by a path such as `NSAppTransportSecurity.NSAllowsArbitraryLoads`. */
  plist(key: string): Setting;
  /** Every setting and every value of the Info.plist that is a text of its own. */
  values(): readonly { readonly name: string; readonly value: string }[];
}

/** Reads `X.xcodeproj` (or its project.pbxproj). undefined: there is none. Rejects with a sentence where it cannot be parsed or read. */
export async function readProject(path: string, { files }: Use<'files'>): Promise<Project | undefined> {
  const file = path.endsWith('.pbxproj') ? path : joinPath(path, 'project.pbxproj');
  const text = await files.read(file);
  if (text === undefined) return undefined;
  const objects = parse(text, file);
  const bundle = file.slice(0, -'/project.pbxproj'.length);
  const root = asMap(objects.all.get(objects.root));
  const folder = joinPath(
    bundle.includes('/') ? bundle.slice(0, bundle.lastIndexOf('/')) : '',
    asText(root.projectDirPath) ?? '',
  );
  const name = bundle.slice(bundle.lastIndexOf('/') + 1).replace(/\.xcodeproj$/, '');
  return {
    path: file,
    targets: asTexts(root.targets).flatMap((id) => targetOf(id, objects)),
    build: async (target, configuration) => {
      const levels = await levelsOf(target, configuration, { objects, root, folder, files });
      const builtIn = {
        TARGET_NAME: target.name,
        CONFIGURATION: configuration,
        PROJECT_NAME: name,
        SRCROOT: '.',
        PROJECT_DIR: '.',
        PLATFORM_NAME: 'iphoneos',
        EXECUTABLE_NAME: '$(PRODUCT_NAME)',
      };
      const resolver = createResolver(levels, configuration, builtIn);
      const info = await readInfo(resolver, folder, { files });
      return {
        setting: (wanted) => resolver.setting(wanted),
        plist: (key) => plistValue(key, info, resolver),
        values: () => [
          ...new Map(
            [...settingsIn(levels, resolver), ...plistTexts(info.values, '', resolver)].map((one) => [one.name, one]),
          ).values(),
        ],
      };
    },
  };
}

function parse(text: string, file: string): Objects {
  try {
    return parseObjects(text);
  } catch (error) {
    throw new Error(
      `${file} cannot be parsed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
      { cause: error },
    );
  }
}

function targetOf(id: string, objects: Objects): readonly Target[] {
  const target = objects.all.get(id);
  if (target === undefined) return [];
  const isApp = asText(target.productType) === 'com.apple.product-type.application';
  return [
    {
      id,
      name: asText(target.name) ?? id,
      isApp,
      configurations: configurationsOf(target, objects).map((one) => asText(one.name) ?? ''),
    },
  ];
}

function configurationsOf(owner: Dictionary, { all }: Objects): readonly Dictionary[] {
  const list = all.get(asText(owner.buildConfigurationList) ?? '');
  return asTexts(list?.buildConfigurations)
    .map((id) => all.get(id))
    .filter((one) => one !== undefined);
}

interface Place {
  readonly objects: Objects;
  readonly root: Dictionary;
  readonly folder: string;
  readonly files: Use<'files'>['files'];
}

/** Target, its configuration file, project, its configuration file: strongest first. */
async function levelsOf(target: Target, configuration: string, place: Place): Promise<readonly Level[]> {
  const owners = [asMap(place.objects.all.get(target.id)), place.root];
  const levels = await Promise.all(
    owners.map(async (owner) => {
      const own = configurationsOf(owner, place.objects).find((one) => asText(one.name) === configuration);
      if (own === undefined) return [];
      const settings = Object.fromEntries(
        Object.entries(asMap(own.buildSettings)).map(([key, value]) => [key, flat(value)]),
      );
      const base = basePath(own, place);
      return [{ settings }, ...(base === undefined ? [] : [await readXcconfig(base, place)])];
    }),
  );
  // Older projects keep team and way of signing beside the targets.
  const attributes = asMap(asMap(asMap(place.root.attributes).TargetAttributes)[target.id]);
  const old = {
    CODE_SIGN_STYLE: asText(attributes.ProvisioningStyle),
    DEVELOPMENT_TEAM: asText(attributes.DevelopmentTeam),
  };
  const known = Object.fromEntries(
    Object.entries(old).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  return [...levels.flat(), { settings: known }];
}

/** Where the configuration file of a configuration lies; since Xcode 16 it may stand in a folder that is not listed file by file. */
function basePath(configuration: Dictionary, { objects, folder }: Place): string | undefined {
  const reference = asText(configuration.baseConfigurationReference);
  if (reference !== undefined) return pathOf(reference, objects, folder);
  const anchor = asText(configuration.baseConfigurationReferenceAnchor);
  const relative = asText(configuration.baseConfigurationReferenceRelativePath);
  return anchor === undefined || relative === undefined
    ? undefined
    : joinPath(pathOf(anchor, objects, folder), relative);
}

/** The path of a file or folder: its own piece below those of the groups that hold it. */
function pathOf(id: string, objects: Objects, folder: string, depth = 0): string {
  const object = asMap(objects.all.get(id));
  const piece = asText(object.path) ?? '';
  if (asText(object.sourceTree) === '<absolute>') return piece;
  if (asText(object.sourceTree) !== '<group>' || depth > 50) return joinPath(folder, piece);
  const parent = [...objects.all].find(([, group]) => asTexts(group.children).includes(id))?.[0];
  return parent === undefined ? joinPath(folder, piece) : joinPath(pathOf(parent, objects, folder, depth + 1), piece);
}

interface Info {
  readonly values: Readonly<Record<string, Plist>>;
  readonly unsure?: string;
  /** Xcode makes it, or adds to it, from INFOPLIST_KEY_ settings. */
  readonly generated: boolean;
}

async function readInfo(resolver: Resolver, folder: string, { files }: Use<'files'>): Promise<Info> {
  const generated = isYes(resolver.setting('GENERATE_INFOPLIST_FILE').value ?? '');
  const file = resolver.setting('INFOPLIST_FILE').value ?? '';
  if (file === '') return { values: {}, generated };
  const path = file.startsWith('/') ? file : joinPath(folder, file);
  const text = await files.read(path);
  if (text === undefined) return { values: {}, generated, unsure: `${path} (INFOPLIST_FILE) is missing` };
  try {
    const parsed = parsePlist(text);
    return {
      values: typeof parsed === 'object' && !Array.isArray(parsed) ? Object.fromEntries(Object.entries(parsed)) : {},
      generated,
    };
  } catch (error) {
    return {
      values: {},
      generated,
      unsure: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function plistValue(key: string, { values, unsure, generated }: Info, resolver: Resolver): Setting {
  const written = Object.hasOwn(values, key) ? values[key] : key.split('.').reduce<Plist | undefined>(inner, values);
  if (written !== undefined)
    return typeof written === 'object' ? { value: JSON.stringify(written) } : resolver.expand(String(written));
  if (unsure !== undefined) return { value: undefined, unsure };
  if (!generated) return { value: undefined };
  return resolver.setting(GENERATED[key] ?? `INFOPLIST_KEY_${key}`);
}

/** Names with a condition are found by their bare name. */
function settingsIn(levels: readonly Level[], resolver: Resolver): readonly { name: string; value: string }[] {
  const names = levels.flatMap(({ settings }) => Object.keys(settings).map((key) => key.replace(/\[.*$/, '')));
  return [...new Set(names)].flatMap((name) => {
    const { value } = resolver.setting(name);
    return value === undefined ? [] : [{ name, value }];
  });
}

function plistTexts(value: Plist, name: string, resolver: Resolver): readonly { name: string; value: string }[] {
  if (typeof value === 'string') return [{ name, value: resolver.expand(value).value ?? value }];
  if (typeof value === 'boolean') return [];
  return Object.entries(value).flatMap(([key, one]) => plistTexts(one, name === '' ? key : `${name}.${key}`, resolver));
}

function inner(value: Plist | undefined, key: string): Plist | undefined {
  return typeof value === 'object' && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

/** `YES` of a build setting, `true` of a plist, `1` of either. */
export const isYes = (text: string): boolean => /^(yes|true|1)$/i.test(text);

/** What Xcode writes into a generated Info.plist by itself. */
const GENERATED: Readonly<Record<string, string>> = {
  CFBundleIdentifier: 'PRODUCT_BUNDLE_IDENTIFIER',
  CFBundleShortVersionString: 'MARKETING_VERSION',
  CFBundleVersion: 'CURRENT_PROJECT_VERSION',
  MinimumOSVersion: 'IPHONEOS_DEPLOYMENT_TARGET',
};
