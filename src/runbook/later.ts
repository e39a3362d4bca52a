// Keys that are read and checked but not carried out yet: each says so where it stands, never silently nothing.

/** Key of a step → what this version does instead. */
export const laterKeys: Readonly<Record<string, string>> = {
  background: 'the command is run to its end like any other',
  undo: 'the step cannot be taken back',
  script: 'the step stops and is done by hand',
};
