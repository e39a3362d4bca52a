// Where are we: the project folder. Apart from what reads runbooks, because a list of them must not load that.
import { findProject } from '../system/project.ts';
import type { Flags } from './flags.ts';
import { type Io, UsageError } from './io.ts';

/** Absolute. Throws UsageError where no folder upward has runbooks. */
export function projectFolder(io: Io, flags: Flags): string {
  const from = flags.dir ?? io.cwd;
  const project = findProject(from);
  if (project === undefined)
    throw new UsageError(
      `no folder from ${from} upward has a runbooks folder`,
      'make one: `launch import PLAN.md` of a plan, `launch init` of this project; or try `launch rehearse prod --auto`',
    );
  return project;
}
