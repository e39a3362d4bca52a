// How a plan says what it says of a command: under a condition, later, never, or as what must come of it. Only what is to be done now may be run.

/** Sentences, as they stand; a full stop inside of code or a word ends none. */
export function sentencesOf(text: string): readonly string[] {
  const spans: string[] = [];
  const held = text.replace(/\s+/g, ' ').replace(/(`+)(?!`).+?(?<!`)\1(?!`)/g, (span) => `\0${spans.push(span) - 1}\0`);
  return held
    .split(/(?<=[\p{L}\p{N}\0)'"”*_][.!?;])\s+(?=\S)/u)
    .map((one) => one.replace(/\0(\d+)\0/g, (_, at: string) => spans[Number(at)] ?? ''))
    .filter((one) => one !== '');
}

const bare = (text: string): string => text.replace(/[*_]+/g, '').trim();

/** Done only where something is so, which whoever reads it has to see. */
export const isConditional = (text: string): boolean =>
  /^([^:`]{1,40}:\s*)?(only )?(if|in case|in the event|should|unless|otherwise|else|alternatively|falls|sollte|sonst|ansonsten|si|sinon|en caso)\b/i.test(
    bare(text),
  ) ||
  /\b(only (if|when|where|on)|nur (wenn|falls)|if (needed|necessary|required|applicable|not done|it fails|that fails|this fails)|(if|when|as) (needed|required))\b/i.test(
    bare(text),
  );

/** Not now: running it with the others would be too early. */
export const isLater = (text: string): boolean =>
  /^([^:`]{1,40}:\s*)?((after|in|nach) (about |at least )?(\d+|an?|one|two|three|four) ?-?(h|hrs?|hours?|d|days?|weeks?|months?|stunden?|tagen?|wochen?)\b|(an?|one|two|three|\d+) (days?|weeks?|months?) (later|after)\b|later\b|(the )?next (day|week|morning)\b|tomorrow\b)/i.test(
    bare(text),
  );

/** "Never run …", "do NOT …": what such a sentence names after it is not to be done. `before`: of the sentence, up to what it names. */
export const isForbidden = (before: string): boolean =>
  /\b(never|do not|don['’]?t|must not|mustn['’]?t|may not|should not|shouldn['’]?t|avoid|instead of|rather than|niemals|nie|jamais|nunca)\b(?! (forget|skip|miss|omit|vergessen))/i.test(
    bare(before),
  );

/** What comes of a command, not one to run. */
export const isOutput = (text: string): boolean =>
  /^(the |an? |for |its )?(example|sample|expected|typical|result|output|response|ausgabe|beispiel|erwartete?|sortie)\b|\b(output|looks? like|prints?|shows?|says?( exactly)?|reads?( exactly)?|returns?|answers?|(you|it|this) (should|must|will|['’]ll) (now )?(see|get|say|print|show|read|look|return)\b[^.:]*)\s*(something |similar )?(like |to )?(this)?[*_]*:?[*_]*$/i.test(
    bare(text),
  );

/** What must be so after a command: somebody has to look, before the next thing is done. */
export const isExpectation = (text: string): boolean =>
  /^(it |this |that |the output |every \w+ |all \w+ |you )?(must|should|has to|have to|needs to)\b|\b(expected|must (be|print|say|show|return|read)|should (be|print|say|show|return|read))\b|^expect\b|\bat (least|most) \d|\bmuss\b/i.test(
    bare(text),
  );

/** It says itself that nothing brings it back. */
export const isFinal = (text: string): boolean =>
  /\b(can(no|['’])t be (undone|reverted|reversed|taken back)|cannot be (undone|reverted|reversed|taken back)|irreversible|not reversible|no (way|going) back|point of no return|unwiderruflich|irréversible|irreversible)\b/i.test(
    text,
  );

/** The same steps for each of several things: written once, done many times. */
export const isLoop = (text: string): boolean =>
  /\b(repeat|for (each|every)|on (each|every)|one (node|host|server|machine|region|tenant|customer)? ?(by|at a) (one|time)|für (jede|jeden|jedes)|pour chaque|para cada)\b/i.test(
    bare(text),
  );

/** All of it was struck out. */
export const isStruck = (text: string): boolean => /^~~.+~~/.test(text.trim());
