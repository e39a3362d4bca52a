// What the files of a project say of its iOS app, as data: a first runbook is made from it.

/** What was found of an iOS app. A fact that is missing could not be read. */
export interface IosApp {
  readonly bundleId?: string;
  readonly version?: string;
  /** Read, and may be made otherwise by code that is not run here: asked, with this as its default. */
  readonly perhaps: { readonly bundleId?: string; readonly name?: string };
  /** What it declares in its Info.plist of its encryption. */
  readonly encryption?: 'exempt' | 'other';
  readonly xcode?: XcodeApp;
  readonly ships: Ships;
}

export interface XcodeApp {
  readonly project: string;
  readonly workspace?: string;
  /** App targets. */
  readonly targets: readonly string[];
  /** Shared ones; the one that is meant comes alone. */
  readonly schemes: readonly string[];
  readonly configurations: readonly string[];
  readonly signing?: 'automatic' | 'manual';
}

/** How a build gets to Apple. */
export type Ships =
  | { readonly by: 'xcode' }
  | { readonly by: 'fastlane'; readonly command: string; readonly lanes: readonly string[]; readonly folder?: string }
  | { readonly by: 'eas'; readonly profiles: readonly string[] }
  | { readonly by: 'hand' };

/** The configuration that is archived where there is one of that name. */
export const RELEASE = 'Release';
