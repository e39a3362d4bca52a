// What in an Xcode project will hurt at the first upload or the first install, findable without a runbook.
import type { Use } from '../../src/system/ports.ts';
import type { Finding } from '../../src/text/finding.ts';
import { findingAt, indexLines } from '../../src/text/place.ts';
import { type Build, isYes, readProject } from './project.ts';

/** One app target, with what each configuration builds. */
interface App {
  readonly name: string;
  readonly builds: ReadonlyMap<string, Build>;
  /** What is archived: Release, or what is called like one. */
  readonly release?: Build;
}

interface Trouble {
  readonly says: string;
  /** A setting or an Info.plist key to point at, and a value that its line holds. */
  readonly at: string;
  readonly value?: string | undefined;
}

interface XcodeHazard {
  readonly code: string;
  readonly why: string;
  readonly remedy: string;
  readonly stops: boolean;
  readonly find: (app: App) => readonly Trouble[];
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
  find: ({ release }) =>
    (release?.values() ?? [])
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
  find: ({ release }) =>
    isYes(release?.plist('NSAppTransportSecurity.NSAllowsArbitraryLoads').value ?? '')
      ? [
          {
            at: 'NSAllowsArbitraryLoads',
            says: 'NSAllowsArbitraryLoads lets the app that is archived talk to any server without TLS',
          },
        ]
      : [],
};

const noCompliance: XcodeHazard = {
  code: 'no-compliance',
  why: 'each build waits as "Missing Compliance" until someone answers by hand, and no tester gets it before',
  remedy:
    'set ITSAppUsesNonExemptEncryption in the Info.plist (INFOPLIST_KEY_ITSAppUsesNonExemptEncryption); NO where only TLS of the system is used',
  stops: false,
  find: ({ release, name }) => {
    const key = release?.plist('ITSAppUsesNonExemptEncryption');
    return key === undefined || key.value !== undefined || key.unsure !== undefined
      ? []
      : [
          {
            at: 'PRODUCT_BUNDLE_IDENTIFIER',
            value: release?.setting('PRODUCT_BUNDLE_IDENTIFIER').value,
            says: `${name} does not say whether it uses encryption (ITSAppUsesNonExemptEncryption)`,
          },
        ];
  },
};

export const xcodeHazards: readonly XcodeHazard[] = [bundleIdCase, localAddress, openTransport, noCompliance];

/** `paths`: the files of the project. */
export async function findXcodeHazards(
  paths: readonly string[],
  { files }: Use<'files'>,
): Promise<{ readonly files: number; readonly findings: readonly Finding[] }> {
  const projects = paths.filter((path) => path.endsWith('.xcodeproj/project.pbxproj'));
  const texts = paths.filter((path) => /\.xcconfig$|(^|[/-])Info\.plist$/.test(path));
  const findings: Finding[] = [];
  for (const path of projects) findings.push(...(await hazardsIn(path, texts, { files })));
  return { files: projects.length, findings };
}

async function hazardsIn(path: string, texts: readonly string[], ports: Use<'files'>): Promise<readonly Finding[]> {
  const sources = await Promise.all(
    [path, ...texts].map(async (file) => ({ file, text: (await ports.files.read(file).catch(() => undefined)) ?? '' })), // Not to be read: nothing is found in it.
  );
  let apps: readonly App[];
  try {
    apps = await appsOf(path, ports);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [
      findingAt(
        indexLines(path, ''),
        { offset: 0 },
        { code: 'unreadable', message: `it cannot be read: ${why}`, remedy: 'open it in Xcode, and see what it says' },
      ),
    ];
  }
  return apps.flatMap((app) =>
    xcodeHazards.flatMap(({ code, why, remedy, stops, find }) =>
      find(app).map(({ says, at, value }) => {
        const { file, text, offset, length } = locate(at, value, sources);
        const severity = stops ? 'error' : 'warning';
        return findingAt(indexLines(file, text), { offset, length }, { severity, code, message: says, why, remedy });
      }),
    ),
  );
}

async function appsOf(path: string, ports: Use<'files'>): Promise<readonly App[]> {
  const project = await readProject(path, ports);
  const apps = (project?.targets ?? []).filter(({ isApp }) => isApp);
  return Promise.all(
    apps.map(async (target) => {
      const builds = new Map<string, Build>();
      for (const configuration of target.configurations) {
        const build = await project?.build(target, configuration);
        if (build) builds.set(configuration, build);
      }
      const archived =
        target.configurations.find((one) => one === 'Release') ??
        target.configurations.find((one) => /release|prod|store/i.test(one));
      return { name: target.name, builds, release: builds.get(archived ?? '') };
    }),
  );
}

/** The whole value, not the beginning of a longer one. */
function holds(line: string, value: string): boolean {
  const at = line.indexOf(value);
  return at !== -1 && !/^[\w.-]/.test(line.slice(at + value.length));
}

interface Source {
  readonly file: string;
  readonly text: string;
}

/** The line that sets it: the one with that value where there is one, else the first; else the top of the project. */
function locate(
  name: string,
  value: string | undefined,
  sources: readonly Source[],
): Source & { readonly offset: number; readonly length: number } {
  const key = name.split('.').at(-1) ?? name;
  const word = key.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(
    `^[ \\t]*"?(?:INFOPLIST_KEY_)?(${word})(?:\\[[^\\]\\n]*\\])?"?[ \\t]*=[^\\n]*|<key>(${word})</key>\\s*[^\\n]*`,
    'gm',
  );
  const hits = sources.flatMap(({ file, text }) =>
    [...text.matchAll(pattern)].map((match) => ({
      file,
      text,
      line: match[0],
      offset: match.index + match[0].indexOf(key),
      length: key.length,
    })),
  );
  const [first = { file: sources[0]?.file ?? '', text: sources[0]?.text ?? '', offset: 0, length: 1 }] = [
    ...hits.filter(({ line }) => value !== undefined && holds(line, value)),
    ...hits,
  ];
  return first;
}
