// The words by which a plan that was written for people says what is to be done. English; of other languages only the usual headings: their plans
// are read by boxes, numbers and commands.

/** What the lists below a heading are. `aside`: what is done only if the launch goes wrong, and so no step of it. */
export type Purpose = 'work' | 'proof' | 'questions' | 'stretch' | 'aside' | 'text';

const PURPOSES: readonly (readonly [Purpose, RegExp])[] = [
  [
    'aside',
    /\b(roll(ing)?[- ]?back|back(ing)?[- ]?out|contingenc(y|ies)|disaster recovery|emergency|abort(ing)?|(halt|stop|no[- ]go) criteri(a|on)|escalation|troubleshooting|in case of|(if|when) (something|anything|it|things?) (goes|go|fails?|breaks?)\b.*)|\b(plan b|recovery plan)$|^\W*((step )?\d+(\.\d+)*[.):]*\s*)?(kill[- ]?switch|recovery|fall[- ]?back|undo|undoing|revert|reverting)([- ](plan|steps|procedure|it|the (release|deploy|deployment|launch|change|changes|migration|upgrade)))?$/i,
  ],
  [
    'aside',
    /(?<!\p{L})(rückfall\p{L}*|rückbau|zurückrollen|notfall\p{L}*|(im )?fehlerfall\p{L}*|retour (en )?arrière|en cas d|marcha atrás|reversión|contingencia|ripristino|reversão|terugdraai\p{L}*|terugval\p{L}*)/iu,
  ],
  [
    'questions',
    /\b(open (items?|questions?|points?)|questions?( for\b.*)?|to be (decided|clarified)|unknowns|offene (punkte|fragen)|questions ouvertes|preguntas abiertas)$/i,
  ],
  ['stretch', /\b(stretch|nice[ -]to[ -]haves?|optional (steps?|tasks?|items?|work))\b/i],
  [
    'proof',
    /\b(smoke[ -]?test(s|ing)?|(acceptance|success|exit) criteri(a|on)|criteria|definition of done|done when|review checklist|sanity checks?|(pre|post)-?checks?|qa|sign[ -]?off|abnahme\w*|recette)\b/i,
  ],
  [
    'text',
    /^(\d+(\.\d+)*[.)]?\s*)?(summary|overview|introduction|motivation|background|context|(in |out of )?scope\b.*|objectives?|goals?|non[ -]?goals|purpose|rationale|why\b.*|assumptions?|(target )?topology|architecture|(technical |system )?design|operating facts.*|facts.*|decisions.*|risks?\b.*|trade[ -]?offs.*|references?|related\b.*|notes?|caveats?|appendix.*|terminology|glossary|(workflow )?principles|problem statement|current state\b.*|already done.*|not yet done.*|proposed solution|(common )?failure.*|tech(nical)? debt|code quality|issues found|validation results|results|review|status|history|changelog|contacts?|costs?|budget|timeline|alternatives?\b.*|optional\b.*alternative|do|don['’]?ts?|do not|payload|guardrails|what you build|deliverables|ansprechpartner|kontakte?|hintergrund|überblick|zusammenfassung|applicable\b.*|required secrets?|environments?)\b:?/i,
  ],
  [
    'work',
    /\b(phase|step|stage|part|milestone|day|week) [\dA-Z]+\b|\b(day|week|[tdh]) ?[-+−–] ?\d|\b(steps?|tasks?|to-?dos?|check ?lists?|roll[- ]?out|procedure|instructions|runbook|deploy(ment|ing)?|launch|release|publish(ing)?|submission|migration|cut[- ]?over|go[- ]?live|set[- ]?up|provision(ing)?|preparation|prerequisites|before you (start|begin)|pre-?flight|post-?launch|remaining work|next steps|actions?|verif(y|ication)|testing|ablauf|durchführung|vorgehen|vorbereitung|umsetzung|umstellung|inbetriebnahme|schritte?|voraussetzungen|déroulement|déploiement|mise en (production|ligne)|pasos|procedimiento|despliegue)\b|(?<!\p{L})étapes?(?!\p{L})/iu,
  ],
];

/** Of the lists below this heading, or this line that introduces one; undefined: that of what stands above. */
export const purposeOf = (heading: string): Purpose | undefined =>
  PURPOSES.find(([, words]) =>
    words.test(
      undecorated(heading)
        .replace(/[*_`]+/g, '')
        .replace(/\s*\([^)]*\)\s*:?$/, '')
        .trim(),
    ),
  )?.[0];

/** Without the pictures before it: `🚀 1. Server`, `:rocket: Server`. */
export const undecorated = (heading: string): string =>
  heading.replace(/^(?::[a-z\d_+-]+:|[^\p{L}\p{N}\s`*_<>()[\]{}#$~"'-])+\s*/u, '');

const VERBS = new Set(
  `add adjust allocate announce append apply approve archive ask assign attach authorize back bind book bootstrap build bump buy call
  cancel change check choose claim clean clear click clone close collect commit communicate compare complete compile configure confirm
  connect copy create cut declare decommission decrease define delete deploy destroy disable distribute document double-check download
  draft drain drop edit email enable enforce enroll ensure enter establish execute export extract fetch file fill finalize finish fix flip follow
  fork format freeze generate get give go grant grab hand have hit import increase inform initialise initialize insert inspect install
  instruct invite invoke issue keep launch link list load lock log login make map mark measure merge message migrate mint monitor mount move
  name notify obtain open order pay perform pick pin ping place plan point populate post prepare press probe produce promote provision
  publish pull purchase push put re-enable re-run read rebuild reboot receive record redeploy redirect reduce register release reload remove rename renew
  reopen repeat replace report request reserve reset resize resolve restart restore resume retire review revoke roll rollback rotate run
  save scale schedule scan search seed select send serve set setup share ship shut sign sit smoke-test snapshot spin stage start stop store
  submit subscribe swap switch sync tag take tell test tick toggle transfer trigger turn type unlock unpause unset update upgrade upload use
  validate verify visit wait warm watch wipe wire write`.split(/\s+/),
);

/** Does the text tell somebody to do something? A label before it ("**Database:** Provision …") is passed over. */
export function isImperative(text: string): boolean {
  const bare = text
    .replace(/[*_`]+/g, '')
    .replace(
      /^((and |after (that|this) )?(then|now|next|finally|first)|and|after (that|this)|optional(ly)?|please)[,:]?\s+/i,
      '',
    );
  return [bare, bare.replace(/^[^:]{1,40}:\s*/, '')].some((one) =>
    VERBS.has(/^[A-Za-z-]+/.exec(one)?.[0].toLowerCase() ?? ''),
  );
}

/** Something to look at and not to bring about. */
export const isLook = (text: string): boolean =>
  /^([^:]{1,40}:\s*)?(gate\b|((and )?(then|now|next|finally|first),? )?(verify|check|confirm|ensure|make sure|validate|inspect|review|watch|monitor|test|see|look|wait (until|till|for))\b)/i.test(
    text.replace(/[*_`]+/g, ''),
  ) ||
  /`[^`]+`\s+(now |still )?(prints?|shows?|says?|outputs?|reports?|lists?|answers?|contains?|must|should|is)\b|`\s*(=>|==)/i.test(
    text,
  );

export const isOptional = (text: string): boolean => /^optional(ly)?\b|\(optional\b/i.test(text.replace(/[*_]+/g, ''));

/** `for Jam`, `@jam`, `Owner: Jam`. */
export function whoOf(text: string): string | undefined {
  const named =
    /\((?:for|by|owner:?)\s+([\p{L}][\p{L} .-]{0,30})\)|\b(?:owner|who|assignee|responsible):\**\s*@?([\p{L}][\p{L}.-]{0,30})|(?:^|[\s(])@([a-z\d][a-z\d-]{0,38})\b(?!\/)/iu.exec(
      text.replace(/`[^`]*`/g, ''),
    );
  return named
    ?.slice(1)
    .find((name) => name !== undefined)
    ?.trim();
}
