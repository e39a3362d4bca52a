// `launch completion bash|zsh|fish`: a script for the shell. It asks `launch completion suggest -- WORD…` what the last word may become.
import { listRunbooks } from '../system/project.ts';
import { closest } from '../text/closest.ts';
import { flagsOf, takesValue, usageOf } from './flags.ts';
import { UsageError } from './io.ts';
import { type Call, commandNames } from './main.ts';
import { projectFolder } from './project-folder.ts';
import { runsOf } from './runs-of.ts';

export async function completion(call: Call): Promise<number> {
  const { io, names } = call;
  const [word, ...words] = names;
  if (word === 'suggest') {
    for (const one of await suggest(call, words)) io.stdout.write(`${one}\n`);
    return 0;
  }
  const script = word !== undefined && Object.hasOwn(SCRIPTS, word) ? SCRIPTS[word] : undefined;
  if (script !== undefined) {
    io.stdout.write(script);
    return 0;
  }
  const near = word === undefined ? undefined : closest(word, Object.keys(SCRIPTS));
  throw new UsageError(
    word === undefined ? 'completion: bash, zsh or fish?' : `completion: "${word}" is not bash, zsh or fish`,
    near ? `did you mean \`launch completion ${near}\`?` : 'in ~/.bashrc: eval "$(launch completion bash)"',
  );
}

/** A shell puts them into the command line as they are: what it would read as more than a word is not offered. */
const PLAIN = /^[A-Za-z0-9_@%+:,./-]+$/;

/** What the last of the words may become. Nothing: the shell offers files. */
async function suggest(call: Call, words: readonly string[]): Promise<readonly string[]> {
  // bash cuts at `=`: `--fault=x` comes as three words.
  const parts = words.flatMap((word, index) => (word === '=' ? (index === words.length - 1 ? [''] : []) : [word]));
  const current = parts.at(-1) ?? '';
  const found = current.startsWith('-') && !current.includes('=') ? flagsAfter(parts) : await offered(call, parts);
  return found.filter((one) => one.startsWith(current) && PLAIN.test(one));
}

/** Words that are no flag and no value of one. */
const namesIn = (words: readonly string[]): readonly string[] =>
  words.filter((word, index) => !word.startsWith('-') && !takesValue(words[index - 1] ?? ''));

const flagsAfter = (words: readonly string[]): readonly string[] =>
  flagsOf(usageOf(namesIn(words))).map((name) => `--${name}`);

async function offered(call: Call, words: readonly string[]): Promise<readonly string[]> {
  const before = words.slice(0, -1);
  const last = before.at(-1) ?? '';
  if (takesValue(last)) return (await VALUES[last]?.(call, [])) ?? [];
  const [command, ...more] = namesIn(before);
  if (command === undefined) return [...commandNames, ...runbooks(call)];
  const after = Object.hasOwn(AFTER, command) ? AFTER[command] : undefined;
  return (await after?.(call, more)) ?? [];
}

type Offer = (call: Call, before: readonly string[]) => readonly string[] | Promise<readonly string[]>;

/** None outside of a project. */
function runbooks({ io, flags }: Call): readonly string[] {
  return inProject(() => listRunbooks(projectFolder(io, flags)));
}

const runs =
  (...kinds: readonly ('runs' | 'rehearsals')[]) =>
  ({ io, flags }: Call): readonly string[] =>
    inProject(() => {
      const project = projectFolder(io, flags);
      return kinds.flatMap((kind) => runsOf(io, flags, project, kind).list()).map(({ id }) => id);
    });

function inProject(names: () => readonly string[]): readonly string[] {
  try {
    return names();
  } catch {
    return []; // Not in a project, or its state cannot be read: the command itself will say so.
  }
}

const first =
  (...words: readonly string[]): Offer =>
  (_, before) =>
    before.length === 0 ? words : [];
const runbook: Offer = (call, before) => (before.length === 0 ? runbooks(call) : []);

/** What stands after a command. One that is not here takes files or nothing. */
const AFTER: Readonly<Record<string, Offer>> = {
  run: runbook,
  plan: runbook,
  rehearse: runbook,
  status: runbook,
  log: runbook,
  export: runbook,
  trust: runbook,
  doctor: runbook,
  undo: runbook,
  verify: runbook,
  handover: (call, before) => (before.length === 0 ? ['open', 'take-back', ...runbooks(call)] : []),
  secrets: (call, [verb, ...more]) =>
    verb === undefined ? ['scan', 'diff', 'fill'] : verb !== 'scan' && more.length === 0 ? runbooks(call) : [],
  unlock: (call, before) => (before.length === 0 ? runs('runs', 'rehearsals')(call) : []),
  steps: async (_, before) => (before.length === 0 ? [...(await import('../../steps/index.ts')).kindNames] : []),
  completion: first('bash', 'zsh', 'fish'),
};

/** What stands after a flag. One that is not here takes a file or what nobody can guess. */
const VALUES: Readonly<Record<string, Offer>> = {
  '--fault': async () => ['list', ...Object.keys((await import('../rehearsal/faults.ts')).faults)],
  '--crash': () => ['every'],
  '--format': () => ['md', 'html', 'json', 'text', 'github', 'markdown'],
  '--run': runs('runs', 'rehearsals'),
};

const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# Completion for bash. In ~/.bashrc: eval "$(launch completion bash)"
_launch_completion() {
  COMPREPLY=()
  local found
  while IFS= read -r found; do
    COMPREPLY+=("$found")
  done < <("\${COMP_WORDS[0]}" completion suggest -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _launch_completion launch launchbook
`,
  zsh: `#compdef launch launchbook
# Completion for zsh. In ~/.zshrc, after compinit: eval "$(launch completion zsh)"
_launch() {
  local -a found
  found=("\${(@f)$("\${words[1]}" completion suggest -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  found=(\${found:#})
  if (( \${#found} )); then
    compadd -a found
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" == _launch ]]; then
  _launch "$@"
else
  compdef _launch launch launchbook
fi
`,
  fish: `# Completion for fish: launch completion fish > ~/.config/fish/completions/launch.fish
function __launch_completion
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    $program completion suggest -- $words "$current" 2>/dev/null
end
complete -c launch -a '(__launch_completion)'
complete -c launchbook -a '(__launch_completion)'
`,
};
