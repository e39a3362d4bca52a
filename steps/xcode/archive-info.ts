// What an .xcarchive says about itself: the most honest answer to what will be uploaded.
import { z } from 'zod';
import type { Use } from '../../src/system/ports.ts';
import { parsePlist } from './plist.ts';
import { joinPath } from './xcconfig.ts';

const Info = z.object({
  CreationDate: z.string(),
  ApplicationProperties: z.object({
    CFBundleIdentifier: z.string(),
    CFBundleShortVersionString: z.string(),
    CFBundleVersion: z.string(),
  }),
});

export interface Archive {
  readonly created: string;
  readonly bundleId: string;
  readonly version: string;
  readonly build: string;
}

/** undefined: there is none. A sentence where it cannot be read. */
export async function readArchive(path: string, { files }: Use<'files'>): Promise<Archive | string | undefined> {
  const file = joinPath(path, 'Info.plist');
  try {
    const text = await files.read(file);
    if (text === undefined) return undefined;
    const { CreationDate, ApplicationProperties: app } = Info.parse(parsePlist(text));
    return {
      created: CreationDate,
      bundleId: app.CFBundleIdentifier,
      version: app.CFBundleShortVersionString,
      build: app.CFBundleVersion,
    };
  } catch (error) {
    if (error instanceof z.ZodError) return `${file} is not the Info.plist of an archive of an app`;
    return `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
