// What `launch --help` prints. In the entry bundle: it loads nothing.

export const HELP = `launch: carry out a launch plan, step by step, and prove each one

  launch                        pick a runbook, or go on with an open run
  launch <runbook>              start it, or go on where it stopped
  launch rehearse <runbook>     the whole launch against stand-ins: no account, no network
  launch plan <runbook>         what a run would do, given what is so already; looks only

  launch status [runbook]       where a run stands                 launch runs   all runs
  launch log [runbook]          the events of a run                launch export the record
  launch verify [runbook]       are the done steps still so? Looks only; 1 when one is not
  launch undo [runbook]         the done steps in reverse; takes back those you choose, each proven
  launch lint [file…]           what is wrong in runbooks          launch trust <runbook>
  launch import PLAN.md         a runbook from a plan for people   launch init   one from the project
  launch steps [kind]           the kinds of steps                 launch schema the JSON Schema
  launch secrets scan           what the code reads of the environment: a table for the pull request
  launch secrets diff [runbook] production beside staging, fly.toml, runbook and code; never a value
  launch secrets fill [runbook] ask for, make or read what is missing, and set it staged
  launch mark STEP done         on your word, in a terminal; or: skipped --reason "…"; or: again
  launch answer QUESTION VALUE  one question, or another answer to it: NAME of an input, STEP, STEP.NAME
  launch doctor [runbook]       what is missing on this machine for it, and how to get it; looks only
  launch completion bash        completes commands, runbooks, flags and faults; also zsh and fish
  launch handover [runbook]     pack a run for someone else; handover open FILE goes on there; handover take-back
  launch unlock ID              takes away a lock that another machine left

Flags
  --yes, -y                answer Enter and confirmations (never the name of a point of no return)
  --non-interactive        nobody is asked: stops (exit 4) at the first step for a person
  --answers FILE           YAML or JSON: answers by question id; --input name=value for one input
  --skip ID=REASON         leave a step out, with the reason for the record
  --new                    a fresh run; the open one is closed
  --run ID                 which run (a unique prefix will do)
  --trust DIGEST           trust this version of the runbook (see \`launch trust\`)
  --who NAME               who you are, for the record
  --auto, --fault NAME[@STEP], --crash every   for rehearse (\`--fault list\` names the faults)
  --exit-code              for plan: 6 when there is work left
  --format, --out, --check for lint and export; --out for import, init; --out, --to NAME for handover
  --strict, --project for lint
  --json, --plain, --no-color, --dir DIR, --version, --help

Exit codes
  0 finished, nothing found          4 stopped and kept: a person or a time is needed
  1 stopped at a failed step         5 locked by someone else    6 work left (plan --exit-code)
  2 wrong usage                      7 not trusted               8 the state cannot be used
  3 the runbook is not valid         70 a bug of ours            129, 130, 143 HUP, INT, TERM

A runbook is a Markdown file in runbooks/. Its format: docs/format.md. Example: launch rehearse prod --auto
`;
