// How this process may draw: by its environment, its flags, and the stream that it writes to.
import type { Output } from '../ui/terminal.ts';
import { createTheme, styleFor } from '../ui/theme.ts';
import type { Flags } from './flags.ts';
import type { Io } from './io.ts';

export const styleOf = (io: Io, flags: Flags, out: Output) =>
  styleFor({
    env: io.env,
    terminal: out.isTTY,
    columns: out.columns,
    noColor: flags['no-color'],
    plain: flags.plain,
  });

export const themeOf = (io: Io, flags: Flags, out: Output = io.stdout) => createTheme(styleOf(io, flags, out));

/** How wide a table may be; undefined for a pipe or a file, where lines stay whole. */
export const widthOf = (out: Output): number | undefined => (out.isTTY && out.columns ? out.columns : undefined);
