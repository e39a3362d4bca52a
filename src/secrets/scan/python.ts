// How Python reads the environment: os.environ, and the packages that read it for a program.
import type { LanguageRules } from './languages.ts';
import { djangoNames, isEnvObject, settingsOf } from './pydantic.ts';
import { type At, behind, byDefault, callBehind, checkedBelow, QUOTED_NAME, type Said } from './reading.ts';

const PYTHON_TESTS = {
  missing: /\bnot\b|\bis None\b|== *(""|'')/,
  held: /^\s*(\w+)\s*(?::[^=]+)?=\s*(?:[\w.]+[.(])?$/,
};

/** `.get("X")`, `.get("X", "y")`, `.get("X", default="y")`. */
function pythonCall({ before, after }: At): Said {
  const { rest, args } = callBehind(after);
  const standard =
    args.find((one) => /^default\s*=/.test(one))?.replace(/^default\s*=\s*/, '') ??
    args.find((one) => !/^\w+\s*=/.test(one));
  if (standard !== undefined) return byDefault(standard);
  return checkedBelow(behind({ before, after: rest }, /^[^\S\n]*or\b/), { before, after: rest }, PYTHON_TESTS);
}

export const python: LanguageRules = {
  speaks: /env|config\(|settings/i,
  syntax: {
    comment: /#/,
    quotes: [
      { mark: '"""', overLines: true, code: 'f' },
      { mark: "'''", overLines: true, code: 'f' },
      { mark: '"', code: 'f' },
      { mark: "'", code: 'f' },
    ],
  },
  patterns: [
    {
      read: new RegExp(String.raw`\benviron\[\s*${QUOTED_NAME}\s*\](?!\s*=[^=])`, 'g'),
      need: () => ({ need: 'refused' }),
    },
    {
      read: new RegExp(String.raw`\b(?:environ\s*\.(?:get|setdefault|pop)|getenv)\(\s*${QUOTED_NAME}`, 'g'),
      need: pythonCall,
    },
    // django-environ, environs: `env("X")`, `env.str("X", default="y")`, also under the name it was given.
    {
      read: /(?<![\w.])(?<object>\w+)(?:\.(?!prefixed)\w+)?\(\s*(?<quote>["'])(?<name>[A-Z]\w*)\k<quote>/g,
      need: pythonCall,
      name: (written, { text, index, object }) =>
        isEnvObject(text, object) ? djangoNames(text, index) + written : undefined,
    },
    // python-decouple and starlette: `config("X", default=1)`.
    { read: new RegExp(String.raw`(?<![\w.])config\(\s*${QUOTED_NAME}`, 'g'), need: pythonCall },
    {
      read: new RegExp(String.raw`${QUOTED_NAME}\s+(?:not\s+)?in\s+(?:\w+\.)?environ\b`, 'g'),
      need: ({ before, after }) => checkedBelow({ need: 'flag' }, { before: `${before}not`, after }, PYTHON_TESTS),
    },
  ],
  computed: [
    /\benviron\[\s*(?<variable>[A-Za-z_]\w*)\s*\](?!\s*=[^=])/g,
    /\b(?:environ\s*\.get|getenv)\(\s*(?<variable>[A-Za-z_]\w*)\s*[,)]/g,
    /\b(?<variable>[A-Za-z_]\w*)\s+not\s+in\s+(?:\w+\.)?environ\b/g,
  ],
  functions: /^(?<indent>[ \t]*)(?:async\s+)?def\s+(?<name>\w+)\((?<parameters>[^)]*)\)/gm,
  more: settingsOf,
};
