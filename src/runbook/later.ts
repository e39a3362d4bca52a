// Keys that are read and checked but not carried out yet: each says so where it stands, never silently nothing.

/** Key of a step → what this version does instead. */
export const laterKeys: Readonly<Record<string, string>> = {
  undo: '`launch undo` comes later: take the step back by hand',
};
