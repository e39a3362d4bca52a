// Xcode's command line in a rehearsal: archives are written as Xcode writes them, uploads arrive in the stand-in for App Store Connect.
import { dirname } from 'node:path';
import type { Ended, Use } from '../system/ports.ts';
import type { AppStoreFault } from './app-store-faults.ts';
import { type AppStoreState, haveBuild } from './app-store-state.ts';
import { troubleOf } from './pretend-app-store.ts';
import type { StandIns } from './stand-ins.ts';

export const xcodeTools: readonly string[] = ['xcodebuild', 'xcrun', 'fastlane'];

/** What an archive would be of, by the files of the project; undefined: there is none. */
export type ReadXcode = (
  wanted: { readonly place: string; readonly scheme: string; readonly configuration: string },
  ports: Use<'files'>,
) => Promise<{ readonly bundleId?: string; readonly version?: string; readonly number?: string } | undefined>;

export interface XcodeOptions {
  readonly standIns: Pick<StandIns, 'appStore' | 'clock' | 'files' | 'called'>;
  due(fault: AppStoreFault): boolean;
  readonly readXcode?: ReadXcode;
}

/** Answered without a process. */
export async function runXcodeTool(argv: readonly string[], options: XcodeOptions): Promise<Ended> {
  const { called } = options.standIns;
  const ended = await answer(argv, options);
  called({ tool: argv[0] ?? '', argv: argv.slice(1), exit: ended.exit ?? -1 });
  return ended;
}

function answer(argv: readonly string[], options: XcodeOptions): Ended | Promise<Ended> {
  const [tool, first] = argv;
  if (tool === 'xcodebuild' && first === '-version') return well('Xcode 26.1\nBuild version 17B55\n');
  if (tool === 'xcodebuild' && first === 'archive') return archive(argv, options);
  if (tool === 'xcodebuild' && first === '-exportArchive') return exportArchive(argv, options);
  if (tool === 'xcrun' && first === 'altool') return sendNewest(options, 'No errors uploading.\n');
  if (tool === 'fastlane') return sendNewest(options, 'fastlane.tools finished successfully\n');
  return badly(64, `no stand-in for ${argv.slice(0, 2).join(' ')}`);
}

const well = (stdout: string): Ended => ({ exit: 0, stdout, stderr: '' });
const badly = (exit: number, stderr: string): Ended => ({ exit, stdout: '', stderr: `${stderr}\n` });

const after = (argv: readonly string[], flag: string): string => argv[argv.indexOf(flag) + 1] ?? '';

async function archive(argv: readonly string[], { standIns, readXcode }: XcodeOptions): Promise<Ended> {
  const { files, clock, appStore } = standIns;
  const place = argv.includes('-workspace') ? after(argv, '-workspace') : after(argv, '-project');
  if (!readXcode) return badly(64, 'no stand-in for xcodebuild archive: nothing reads Xcode projects here');
  const wanted = { place, scheme: after(argv, '-scheme'), configuration: after(argv, '-configuration') };
  const read = await readXcode(wanted, { files });
  if (read === undefined)
    return badly(66, `xcodebuild: error: '${place}' does not exist, or no app in it can be read.`);
  // What only a build would fill in has a value that a person may give too.
  const { bundleId = 'com.example.app', version = '1.0', number: known = '1' } = read;
  const path = after(argv, '-archivePath');
  const made = appStore.change((state) => {
    const number = unusedNumber(state, bundleId, known);
    state.archived = { bundleId, version, number };
    return state.archived;
  });
  await files.write(`${path}/Info.plist`, archiveInfo(made, clock.now()));
  return well(`** ARCHIVE SUCCEEDED **\n`);
}

/** A number that Apple knows already was raised by whoever archives again. */
function unusedNumber({ apps, builds }: AppStoreState, bundleId: string, wanted: string): string {
  const app = apps.find((one) => one.bundleId === bundleId)?.id;
  const used = new Set(builds.filter((build) => build.app === app).map(({ number }) => number));
  let number = wanted;
  while (used.has(number)) number = number.replace(/\d+$/, (last) => String(Number(last) + 1));
  return number;
}

export function archiveInfo(made: { bundleId: string; version: string; number: string }, now: Date): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>ApplicationProperties</key>
	<dict>
		<key>CFBundleIdentifier</key>
		<string>${made.bundleId}</string>
		<key>CFBundleShortVersionString</key>
		<string>${made.version}</string>
		<key>CFBundleVersion</key>
		<string>${made.number}</string>
	</dict>
	<key>ArchiveVersion</key>
	<integer>2</integer>
	<key>CreationDate</key>
	<date>${now.toISOString().replace(/\.\d+Z$/, 'Z')}</date>
</dict>
</plist>
`;
}

async function exportArchive(argv: readonly string[], options: XcodeOptions): Promise<Ended> {
  const { files } = options.standIns;
  const info = await files.read(`${after(argv, '-archivePath')}/Info.plist`);
  const wanted = await files.read(after(argv, '-exportOptionsPlist'));
  if (info === undefined) return badly(66, `xcodebuild: error: no archive at ${after(argv, '-archivePath')}`);
  if (wanted === undefined) return badly(66, 'xcodebuild: error: the export options cannot be read');
  const upload = /<key>destination<\/key>\s*<string>upload</.test(wanted);
  if (!upload) return well(`Exported to ${dirname(after(argv, '-exportPath'))}\n** EXPORT SUCCEEDED **\n`);
  const value = (key: string): string => new RegExp(`<key>${key}</key>\\s*<string>([^<]*)<`).exec(info)?.[1] ?? '';
  const build = {
    bundleId: value('CFBundleIdentifier'),
    version: value('CFBundleShortVersionString'),
    number: value('CFBundleVersion'),
  };
  return send(build, options, '** EXPORT SUCCEEDED **\n');
}

/** What was archived last: a file that is handed to altool or fastlane is not looked into. */
function sendNewest(options: XcodeOptions, said: string): Ended {
  const { archived } = options.standIns.appStore.read();
  return archived ? send(archived, options, said) : badly(1, 'ERROR: nothing was archived in this rehearsal');
}

function send(
  build: { bundleId: string; version: string; number: string },
  { standIns, due }: XcodeOptions,
  said: string,
): Ended {
  return standIns.appStore.change((state) => {
    if (!state.apps.some(({ bundleId }) => bundleId === build.bundleId))
      return badly(70, `ERROR: Cannot determine the Apple ID from Bundle ID '${build.bundleId}'. (19)`);
    const known = state.builds.some(({ number, version }) => number === build.number && version === build.version);
    if (known) return badly(70, 'ERROR: ITMS-90189: Redundant Binary Upload.');
    haveBuild(state, build, standIns.clock.now(), troubleOf({ due }));
    return well(said);
  });
}
