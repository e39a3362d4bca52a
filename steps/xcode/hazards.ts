// What in a project will hurt at the upload or on the testers' phones, though nobody asked for it to be checked.
import { type Build, isYes, type Project, type Target } from './project.ts';
import { compareVersions } from './version-order.ts';

/** Sentences, for a look that is so. Only what is known: a value that cannot be told is no hazard. */
export async function hazardsOf(
  project: Project,
  target: Target,
  configuration: string,
  build: Build,
): Promise<readonly string[]> {
  if (!target.isApp || configuration === 'Debug') return [];
  return [
    ...exportQuestion(build),
    ...openTransport(build),
    ...numbers(build),
    ...(await higherTargets(project, target, configuration, build)),
  ];
}

/** Without the key every upload stops at "Missing Compliance" until somebody answers (facts/app-store-connect.md §13). */
function exportQuestion(build: Build): readonly string[] {
  const { value, unsure } = build.plist('ITSAppUsesNonExemptEncryption');
  return value === undefined && unsure === undefined
    ? ['ITSAppUsesNonExemptEncryption is not in Info.plist: each upload will stop at "Missing Compliance"']
    : [];
}

function openTransport(build: Build): readonly string[] {
  const open = isYes(build.plist('NSAppTransportSecurity.NSAllowsArbitraryLoads').value ?? '')
    ? ['NSAllowsArbitraryLoads is on: the app may talk to any server without TLS']
    : [];
  const domains = exceptionsOf(build.plist('NSAppTransportSecurity.NSExceptionDomains').value);
  return domains.length === 0 ? open : [...open, `transport security has exceptions for ${domains.join(', ')}`];
}

function exceptionsOf(json: string | undefined): readonly string[] {
  if (json === undefined) return [];
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? Object.keys(value) : [];
  } catch {
    // A text where a list of domains belongs: Xcode will say so itself.
    return [];
  }
}

/** Apple takes one to three numbers with dots, nothing else (§14). */
function numbers(build: Build): readonly string[] {
  const found = [
    {
      what: 'version',
      value: build.plist('CFBundleShortVersionString').value ?? build.setting('MARKETING_VERSION').value,
    },
    {
      what: 'build number',
      value: build.plist('CFBundleVersion').value ?? build.setting('CURRENT_PROJECT_VERSION').value,
    },
  ];
  return found.flatMap(({ what, value }) =>
    value === undefined || /^\d+(\.\d+){0,2}$/.test(value)
      ? []
      : [`the ${what} "${value}" is none that Apple takes: numbers and dots, at most three`],
  );
}

/** A part of the app that needs a newer iOS than the app: it will not build, or not run there. */
async function higherTargets(
  project: Project,
  app: Target,
  configuration: string,
  build: Build,
): Promise<readonly string[]> {
  const lowest = build.setting('IPHONEOS_DEPLOYMENT_TARGET').value;
  if (lowest === undefined) return [];
  const others = project.targets.filter(
    ({ id, configurations }) => id !== app.id && configurations.includes(configuration),
  );
  const found = await Promise.all(
    others.map(async (other) => {
      const theirs = (await project.build(other, configuration)).setting('IPHONEOS_DEPLOYMENT_TARGET').value;
      return theirs !== undefined && compareVersions(theirs, lowest) > 0
        ? [`the target ${other.name} needs iOS ${theirs}, the app ${lowest}`]
        : [];
    }),
  );
  return found.flat();
}
