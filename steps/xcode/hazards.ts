// What in an Xcode project will hurt at the upload or on the testers' phones, though nobody asked for it to be checked.
import { type Build, isYes, type Project, type Target } from './project.ts';
import { compareVersions } from './version-order.ts';

/** One app target, with what each configuration builds. */
export interface App {
  readonly name: string;
  readonly builds: ReadonlyMap<string, Build>;
  /** What is archived. */
  readonly archived?: Build;
  /** The other targets, as they are built for the archive. */
  readonly parts: readonly { readonly name: string; readonly build: Build }[];
}

export interface Trouble {
  readonly says: string;
  /** A setting or an Info.plist key to point at, and a value that its line holds. */
  readonly at: string;
  readonly value?: string;
}

export interface XcodeHazard {
  readonly code: string;
  readonly why: string;
  readonly remedy: string;
  readonly stops: boolean;
  readonly find: (app: App) => readonly Trouble[];
}

/** Sentences, for a look that is so. Only what is known: a value that cannot be told is no hazard. */
export async function hazardsOf(
  project: Project,
  target: Target,
  configuration: string,
  build: Build,
): Promise<readonly string[]> {
  if (!target.isApp || configuration === 'Debug') return [];
  const parts = await partsOf(project, target, configuration);
  const app = { name: target.name, builds: new Map([[configuration, build]]), archived: build, parts };
  return xcodeHazards.flatMap(({ find }) => find(app).map(({ says }) => says));
}

export async function partsOf(project: Project, app: Target, configuration: string): Promise<App['parts']> {
  const others = project.targets.filter(
    ({ id, configurations }) => id !== app.id && configurations.includes(configuration),
  );
  return Promise.all(
    others.map(async (other) => ({ name: other.name, build: await project.build(other, configuration) })),
  );
}

const bundleIdCase: XcodeHazard = {
  code: 'bundle-id-case',
  why: 'for Apple these are two bundle ids: the upload finds no app, or profiles fit one configuration only',
  remedy: 'write them the same, or make them differ in more than that',
  stops: true,
  find: ({ builds }) => {
    const ids = [...builds].flatMap(([configuration, build]) => {
      const id = build.setting('PRODUCT_BUNDLE_IDENTIFIER').value;
      return id === undefined ? [] : [{ configuration, id }];
    });
    return ids.flatMap(({ configuration, id }, index) => {
      const twin = ids.slice(0, index).find((one) => one.id !== id && one.id.toLowerCase() === id.toLowerCase());
      return twin
        ? [
            {
              at: 'PRODUCT_BUNDLE_IDENTIFIER',
              value: id,
              says: `the bundle id is ${id} in ${configuration} and ${twin.id} in ${twin.configuration}`,
            },
          ]
        : [];
    });
  },
};

const localAddress: XcodeHazard = {
  code: 'local-address',
  why: 'every phone but the one beside the computer asks itself, or nobody',
  remedy: 'give the configuration that is archived the address of production',
  stops: true,
  find: ({ archived }) =>
    (archived?.values() ?? [])
      .filter(({ value }) => LOCAL.test(value))
      .map(({ name, value }) => ({
        at: name,
        value,
        says: `${name} is ${value} in the configuration that is archived`,
      })),
};
const LOCAL =
  /(?:^|\/\/|[\s"':=])(?:localhost|127\.0\.0\.1|0\.0\.0\.0|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+)(?::\d+)?(?:$|[/\s"',}])|\.ngrok(?:-free)?\.(?:io|app|dev)/i;

const openTransport: XcodeHazard = {
  code: 'open-transport',
  why: 'App Review asks for a reason, and what is sent without TLS can be read and changed on the way',
  remedy: 'take it out, or limit it to the one domain that needs it (NSExceptionDomains)',
  stops: false,
  find: ({ archived }) => {
    const open = isYes(archived?.plist('NSAppTransportSecurity.NSAllowsArbitraryLoads').value ?? '');
    const domains = exceptionsOf(archived?.plist('NSAppTransportSecurity.NSExceptionDomains').value);
    return [
      ...(open
        ? [
            {
              at: 'NSAllowsArbitraryLoads',
              says: 'NSAllowsArbitraryLoads is on: the app may talk to any server without TLS',
            },
          ]
        : []),
      ...(domains.length > 0
        ? [{ at: 'NSExceptionDomains', says: `transport security has exceptions for ${domains.join(', ')}` }]
        : []),
    ];
  },
};

function exceptionsOf(json: string | undefined): readonly string[] {
  if (json === undefined) return [];
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? Object.keys(value) : [];
  } catch {
    return []; // A text where a list of domains belongs: Xcode will say so itself.
  }
}

/** Without the key every upload stops at "Missing Compliance" until somebody answers (facts/app-store-connect.md §13). */
const noCompliance: XcodeHazard = {
  code: 'no-compliance',
  why: 'somebody answers by hand for each build, and no tester gets it before',
  remedy:
    'set ITSAppUsesNonExemptEncryption in the Info.plist (INFOPLIST_KEY_ITSAppUsesNonExemptEncryption); NO where only TLS of the system is used',
  stops: false,
  find: ({ archived }) => {
    const key = archived?.plist('ITSAppUsesNonExemptEncryption');
    if (key === undefined || key.value !== undefined || key.unsure !== undefined) return [];
    const value = archived?.setting('PRODUCT_BUNDLE_IDENTIFIER').value;
    return [
      {
        at: 'PRODUCT_BUNDLE_IDENTIFIER',
        ...(value !== undefined && { value }),
        says: 'ITSAppUsesNonExemptEncryption is not in Info.plist: each upload will stop at "Missing Compliance"',
      },
    ];
  },
};

/** Apple takes one to three numbers with dots, nothing else (facts/app-store-connect.md §14). */
const oddNumbers: XcodeHazard = {
  code: 'odd-number',
  why: 'Apple refuses the upload',
  remedy: 'write it as 1.0.0: one to three numbers with dots',
  stops: true,
  find: ({ archived }) =>
    [
      { what: 'version', key: 'CFBundleShortVersionString', setting: 'MARKETING_VERSION' },
      { what: 'build number', key: 'CFBundleVersion', setting: 'CURRENT_PROJECT_VERSION' },
    ].flatMap(({ what, key, setting }) => {
      const inPlist = archived?.plist(key).value;
      const value = inPlist ?? archived?.setting(setting).value;
      return value === undefined || /^\d+(\.\d+){0,2}$/.test(value)
        ? []
        : [
            {
              at: setting,
              value,
              says: `the ${what} "${value}" is none that Apple takes: numbers and dots, at most three`,
            },
          ];
    }),
};

const higherPart: XcodeHazard = {
  code: 'higher-part',
  why: 'it will not build, or not run on the phones that the app itself runs on',
  remedy: 'give both the same IPHONEOS_DEPLOYMENT_TARGET',
  stops: false,
  find: ({ archived, parts }) => {
    const lowest = archived?.setting('IPHONEOS_DEPLOYMENT_TARGET').value;
    if (lowest === undefined) return [];
    return parts.flatMap(({ name, build }) => {
      const theirs = build.setting('IPHONEOS_DEPLOYMENT_TARGET').value;
      return theirs !== undefined && compareVersions(theirs, lowest) > 0
        ? [
            {
              at: 'IPHONEOS_DEPLOYMENT_TARGET',
              value: theirs,
              says: `the target ${name} needs iOS ${theirs}, the app ${lowest}`,
            },
          ]
        : [];
    });
  },
};

export const xcodeHazards: readonly XcodeHazard[] = [
  noCompliance,
  openTransport,
  oddNumbers,
  higherPart,
  bundleIdCase,
  localAddress,
];
