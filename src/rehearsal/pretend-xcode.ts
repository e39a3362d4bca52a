// What a person sets in Xcode, written into the overlay's copy of the project file and of its Info.plist.
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import type * as want from './pretend-wants.ts';
import type { StandIns } from './stand-ins.ts';

type Wanted = z.output<typeof want.XcodeSettings>;

/** undefined where there is no project file, in the project or the fixtures: then nothing stands in. */
export async function pretendXcode(wanted: Wanted, { files }: Pick<StandIns, 'files'>): Promise<string | undefined> {
  const folder = wanted.project.replace(/\/$/, '').replace(/\/project\.pbxproj$/, '');
  const path = `${folder}/project.pbxproj`;
  const text = await files.read(path);
  if (text === undefined) return undefined;
  const edited = withSettings(text, wanted.configuration, settingsOf(wanted));
  if (edited !== text) await files.write(path, edited);
  const plists = infoFiles(edited).map((file) => join(dirname(folder), file));
  const changed = await Promise.all(plists.map((file) => editPlist(file, wanted, files)));
  return edited !== text || changed.includes(true) ? `${path}: ${wanted.configuration} has what is looked for` : '';
}

/** Where the project's Info.plist files lie, from the folder that the project stands in. */
const infoFiles = (text: string): readonly string[] => [
  ...new Set(
    [...text.matchAll(/\bINFOPLIST_FILE = "?([^";]+)"?;/g)].map(([, file = '']) =>
      file.replace(/^\$\((SRCROOT|PROJECT_DIR)\)\//, ''),
    ),
  ),
];

async function editPlist(path: string, wanted: Wanted, files: StandIns['files']): Promise<boolean> {
  const text = await files.read(path);
  if (text === undefined || !text.includes('<plist')) return false;
  const edited = withValues(text, wanted);
  if (edited !== text) await files.write(path, edited);
  return edited !== text;
}

/** Keys that are looked for; and those whose value is written out where it should come from a build setting. */
function withValues(text: string, wanted: Wanted): string {
  const literal = Object.entries({
    CFBundleIdentifier: wanted['bundle-id'],
    CFBundleShortVersionString: wanted.version,
    CFBundleVersion: wanted.build,
    ...(wanted['base-url'] && { [wanted['base-url'].key]: wanted['base-url'].is }),
    ...(wanted['transport-security'] && { NSAllowsArbitraryLoads: false }),
  }).filter(([key, value]) => value !== undefined && !/\$\(/.test(entry(key).exec(text)?.[2] ?? '$('));
  return [...literal, ...Object.entries(wanted.plist)].reduce((xml, [key, value]) => {
    const written = typeof value === 'boolean' ? `<${value}/>` : `<string>${escaped(String(value))}</string>`;
    if (entry(key).test(xml)) return xml.replace(entry(key), (_all, head: string) => `${head}${written}`);
    const end = xml.lastIndexOf('</dict>');
    return `${xml.slice(0, end)}\t<key>${escaped(key)}</key>\n\t${written}\n${xml.slice(end)}`;
  }, text);
}

/** A key and its simple value. */
const entry = (key: string): RegExp =>
  new RegExp(
    `(<key>${key.replaceAll(/[.*+?^$()[\]{}|\\]/g, '\\$&')}</key>\\s*)(<string>[^<]*</string>|<(?:true|false)/>|<integer>[^<]*</integer>)`,
  );

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** By Xcode's names. Keys of an Info.plist that Xcode generates are build settings too. */
function settingsOf(wanted: Wanted): Readonly<Record<string, string>> {
  const named: Readonly<Record<string, unknown>> = {
    PRODUCT_BUNDLE_IDENTIFIER: wanted['bundle-id'],
    MARKETING_VERSION: wanted.version,
    CURRENT_PROJECT_VERSION: wanted.build,
    CODE_SIGN_STYLE: wanted.signing && (wanted.signing === 'automatic' ? 'Automatic' : 'Manual'),
    DEVELOPMENT_TEAM: wanted.team,
    IPHONEOS_DEPLOYMENT_TARGET: wanted['minimum-ios-at-most'],
    ...(wanted['base-url'] && { [wanted['base-url'].key]: wanted['base-url'].is }),
    ...wanted.settings,
    ...Object.fromEntries(Object.entries(wanted.plist).map(([key, value]) => [`INFOPLIST_KEY_${key}`, value])),
  };
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([key, value]) => [key, value === true ? 'YES' : value === false ? 'NO' : String(value)]),
  );
}

/** Edits the text: every XCBuildConfiguration of that name that knows a setting gets its value; one that nobody knows goes to all of them. */
export function withSettings(text: string, configuration: string, settings: Readonly<Record<string, string>>): string {
  const blocks = [
    ...text.matchAll(
      /isa = XCBuildConfiguration;[\s\S]*?buildSettings = \{([\s\S]*?)\n(\t*)\};[\s\S]*?name = "?([^";]+)"?;/g,
    ),
  ];
  const mine = blocks.filter(([, , , name]) => name === configuration);
  return mine.reduceRight((edited, block) => {
    const [whole, inner = '', indent = '\t\t\t'] = block;
    const wanted = Object.entries(settings).filter(
      ([key]) => knows(inner, key) || !mine.some(([, other = '']) => knows(other, key)),
    );
    const changed = wanted.reduce((body, [key, value]) => assign(body, key, value, `${indent}\t`), inner);
    return (
      edited.slice(0, block.index) + whole.replace(inner, () => changed) + edited.slice(block.index + whole.length)
    );
  }, text);
}

const line = (key: string): RegExp =>
  new RegExp(`(^|\\n)(\\t*)("?${key.replaceAll(/[[\]=*.]/g, '\\$&')}"?) = ([^;]*);`);

const knows = (body: string, key: string): boolean => line(key).test(body);

function assign(body: string, key: string, value: string, indent: string): string {
  const written = /^[A-Za-z0-9._/]+$/.test(value)
    ? value
    : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  const found = line(key).exec(body);
  if (!found) return `${body}\n${indent}${key} = ${written};`;
  // A lower deployment target than the highest allowed is right as it is.
  if (key === 'IPHONEOS_DEPLOYMENT_TARGET' && Number.parseFloat(found[4] ?? '') <= Number.parseFloat(value))
    return body;
  return body.replace(
    line(key),
    (_all, start: string, tabs: string, name: string) => `${start}${tabs}${name} = ${written};`,
  );
}
