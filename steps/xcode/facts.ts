// What an app built from an Xcode project says of itself: bundle id, version, build number.
import type { Use } from '../../src/system/ports.ts';
import { type Build, type Project, readProject } from './project.ts';
import type { Setting } from './settings-levels.ts';
import { joinPath } from './xcconfig.ts';

/** A value hard-coded in Info.plist overrides the build setting that it should come from (facts/app-store-connect.md §15.1). */
export const effective =
  (key: string, setting: string) =>
  (build: Build): Setting => {
    const written = build.plist(key);
    if (written.value !== undefined) return written;
    const { value, unsure } = build.setting(setting);
    return { value, unsure: written.unsure ?? unsure };
  };

export const bundleIdOf = effective('CFBundleIdentifier', 'PRODUCT_BUNDLE_IDENTIFIER');
export const versionOf = effective('CFBundleShortVersionString', 'MARKETING_VERSION');
export const numberOf = effective('CFBundleVersion', 'CURRENT_PROJECT_VERSION');

interface Wanted {
  /** `X.xcodeproj` or `X.xcworkspace`. */
  readonly place: string;
  readonly scheme: string;
  readonly configuration: string;
}

/** What an archive would be of. undefined: there is no such project, or none that can be read. */
export async function whatIsArchived(
  { place, scheme, configuration }: Wanted,
  ports: Use<'files'>,
): Promise<{ readonly bundleId?: string; readonly version?: string; readonly number?: string } | undefined> {
  for (const path of await projectsOf(place, ports)) {
    const project = await readProject(path, ports).catch(() => undefined); // Not to be parsed: as if it were not there.
    const target = project && targetOf(project, scheme, configuration);
    if (!project || !target) continue;
    const build = await project.build(target, configuration);
    const [bundleId, version, number] = [bundleIdOf, versionOf, numberOf].map((of) => of(build).value || undefined);
    return { ...(bundleId && { bundleId }), ...(version && { version }), ...(number && { number }) };
  }
  return undefined;
}

/** The app that is called like the scheme, else the first. */
function targetOf({ targets }: Project, scheme: string, configuration: string): Project['targets'][number] | undefined {
  const apps = targets.filter(({ isApp, configurations }) => isApp && configurations.includes(configuration));
  return apps.find(({ name }) => name === scheme) ?? apps[0];
}

/** Of a workspace: those that it lists; where it lists none, the one that has its name. */
async function projectsOf(place: string, { files }: Use<'files'>): Promise<readonly string[]> {
  const path = place.replace(/\/$/, '');
  if (!path.endsWith('.xcworkspace')) return [path];
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  const listed = (await files.read(`${path}/contents.xcworkspacedata`)) ?? '';
  const names = [...listed.matchAll(/location\s*=\s*"(?:group|container):([^"]+\.xcodeproj)"/g)].map(
    ([, name = '']) => name,
  );
  return names.length > 0
    ? names.map((name) => joinPath(folder, name))
    : [path.replace(/\.xcworkspace$/, '.xcodeproj')];
}
