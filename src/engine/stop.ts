// How a sitting ends before its run does: thrown from wherever it is noticed, and told at the end.

/** Why a sitting ends before the run does. */
export class Stop extends Error {
  override readonly name = 'Stop';
  readonly exit: 1 | 4;
  readonly step: string | undefined;
  constructor(why: string, exit: 1 | 4, step?: string) {
    super(why);
    this.exit = exit;
    this.step = step;
  }
}
