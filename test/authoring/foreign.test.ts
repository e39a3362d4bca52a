// Plans in the manners of others: what is run of them, what is left to a person and why, and what is no step. Each rule has a twin where it must not fire.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { importPlan } from '../../src/authoring/import.ts';

type Keys = Readonly<Record<string, unknown>>;

function imported(source: string) {
  const made = importPlan({ file: 'plan.md', source, date: '2026-11-21' });
  if (!made) throw new Error('nothing to do in it');
  const steps: readonly Keys[] = parse(made.text.split(/^---$/m)[1] ?? '').steps;
  return { ...made, titles: made.steps.map(({ title }) => title), keys: steps.map(({ id: _, ...keys }) => keys) };
}

const planNamed = (name: string) => imported(readFileSync(join(import.meta.dirname, 'plans', `${name}.md`), 'utf8'));

/** What each step does, in short. */
const doneBy = (source: string) => imported(source).keys.map(inShort);

function inShort(keys: Keys): string {
  const form = ['run', 'wait', 'question', 'uses'].find((one) => keys[one] !== undefined);
  const commands = Object.values((keys.copy ?? {}) as Readonly<Record<string, string>>); // as import writes it
  const copied = commands.length > 0 ? `manual: ${commands.join(' + ')}` : 'manual';
  const what = form === undefined ? (keys.checklist ? 'checklist' : copied) : `${form}: ${keys[form]}`;
  const marks = ['optional', 'confirm', 'irreversible', 'not-needed', 'already'].filter(
    (one) => keys[one] !== undefined,
  );
  return [what, ...marks].join(', ');
}

describe('of a whole plan only that is run which is to be done, now, once, and by this plan', () => {
  test.each<[string, readonly string[]]>([
    [
      'kubernetes',
      [
        'kubectl -n checkout scale deploy/cron --replicas=0',
        'kubectl -n checkout create job --from=cronjob/pg-backup pg-backup-manual',
        'kubectl -n checkout apply -f k8s/migrate-v2.yaml',
        'kubectl -n checkout set image deploy/checkout-canary checkout=registry.example.com/checkout:2.0.0',
        'kubectl -n checkout set image deploy/checkout checkout=registry.example.com/checkout:2.0.0',
        'kubectl -n checkout scale deploy/cron --replicas=3',
      ],
    ],
    [
      'heroku',
      [
        'heroku pg:backups:capture --app ledgerly-prod',
        'heroku maintenance:on --app ledgerly-prod',
        'git push heroku main',
        'heroku run rails db:migrate --app ledgerly-prod',
        'heroku restart --app ledgerly-prod',
        'heroku maintenance:off --app ledgerly-prod',
      ],
    ],
    [
      'vercel',
      [
        'supabase link --project-ref "${{ inputs.project-ref }}"',
        'supabase db push',
        'vercel --prod',
        'vercel domains add pawfolio.app',
      ],
    ],
    ['play-store', []],
    ['npm', ['npm test', 'git push --follow-tags', 'gh release create v"${{ inputs.version }}" --notes-file NOTES.md']],
    ['terraform', ['terraform init', 'terraform apply tfplan', 'rm tfplan']],
    ['on-premises', ['sudo /opt/pacs/bin/pacsctl stop listener']],
    ['story', ['git tag billing-2026.11.21', './deploy.sh production billing-2026.11.21']],
    ['rolling', []],
    [
      'kundenportal',
      [
        'php artisan down --secret="${{ inputs.geheimnis }}"',
        'pg_dump -Fc portal > /backup/portal-$(date +%F).dump',
        'git fetch --tags',
        'php artisan optimize:clear',
        'php artisan up',
      ],
    ],
    [
      'postgres',
      [
        'sudo systemctl stop app-worker app-web',
        'sudo -u postgres pg_basebackup -D /backup/final -Ft -z -P',
        'sudo systemctl stop postgresql@13-main',
        'sudo systemctl start postgresql@16-main',
        'sudo systemctl start app-web app-worker',
      ],
    ],
  ])('%s', (name, first) => {
    const runs = planNamed(name).keys.flatMap(({ run }) => (typeof run === 'string' ? [run.split('\n')[0]] : []));
    expect(runs).toEqual(first);
  });

  test('what stands between two commands is not passed over', () => {
    expect(planNamed('terraform').titles).toEqual(['Plan', 'Read the plan', 'Apply', 'Check', 'Clean up']);
    expect(planNamed('postgres').titles).toContain('If --check is clean, run the same without --check');
    expect(planNamed('postgres').titles).toContain('3. Decision point T+75');
    expect(planNamed('kubernetes').titles).toContain('If the error rate is above 0.5 %, go to Rollback');
  });

  test('what is left as text is told, with its line', () => {
    expect(planNamed('wordpress').left).toEqual(['plan.md:76  Fallback plan: for a launch that goes wrong']);
    expect(planNamed('play-store').left).toEqual([
      'plan.md:25  Store listing',
      'plan.md:41  Halt criteria: for a launch that goes wrong',
    ]);
    expect(imported('## Why\n\n1. It is old\n\n## Steps\n\n1. Order it\n').left).toEqual([]);
  });
});

describe.each<[string, readonly (readonly [what: string, plan: string, steps: readonly string[]])[]]>([
  [
    'what is for a launch that goes wrong is no step',
    [
      ['undo', '## Apply\n\n```sh\nnpm run a\n```\n\n## Undo\n\n```sh\nnpm run b\n```\n', ['run: npm run a']],
      [
        'fallback, with boxes',
        '## Steps\n\n1. `npm run a`\n\n## Fallback plan\n\n- [ ] `npm run b`\n',
        ['run: npm run a'],
      ],
      ['in German', '## Ablauf\n\n1. `npm run a`\n\n## Rückfallplan\n\n1. `npm run b`\n', ['run: npm run a']],
      [
        'below it too',
        '## Steps\n\n1. `npm run a`\n\n## Emergency stop\n\n### Step 1\n\n1. `npm run b`\n',
        ['run: npm run a'],
      ],
      [
        'twin: a step that only sounds so',
        '## Step 1: Revert the TTL to 3600\n\n```sh\nnpm run a\n```\n',
        ['run: npm run a'],
      ],
      [
        'twin: a fallback that is built',
        '## Step 1: Deploy the fallback page\n\n```sh\nnpm run a\n```\n',
        ['run: npm run a'],
      ],
    ],
  ],
  [
    'what is done only under a condition is for a person, who may leave it',
    [
      ['a point', '## Steps\n\n1. If the cache is cold: `npm run a`\n', ['manual: npm run a, optional']],
      [
        'in brackets',
        '## Steps\n\n1. Reboot (only if the kernel changed): `sudo reboot`\n',
        ['manual: sudo reboot, optional'],
      ],
      [
        'what leads to it',
        '## Steps\n\nShould it hang, drain it:\n\n```sh\nnpm run a\n```\n',
        ['manual: npm run a, optional'],
      ],
      [
        'below a heading',
        '## Step 1: Restart it\n\nOnly if the settings changed.\n\n```sh\nnpm run a\n```\n',
        ['manual: npm run a, optional'],
      ],
      [
        'an alternative',
        '## Steps\n\n```sh\nnpm run a\n```\n\nAlternatively:\n\n```sh\nnpm run b\n```\n',
        ['run: npm run a', 'manual: npm run b, optional'],
      ],
      [
        'twin: when what is before is done',
        '## Steps\n\nWhen it is up, warm it:\n\n```sh\nnpm run a\n```\n',
        ['run: npm run a'],
      ],
      [
        'twin: a condition that is whole',
        '## Step 1: Save it\n\nIf that fails, stop.\n\n```sh\nnpm run a\n```\n',
        ['run: npm run a'],
      ],
    ],
  ],
  [
    'what a sentence forbids is neither run nor copied',
    [
      [
        'a warning among the steps',
        '## Steps\n\n1. `npm run a`\n2. **Danger**: never run `npm run b` here\n',
        ['run: npm run a'],
      ],
      ['instead of', '## Steps\n\n1. Run `npm run a` instead of `npm run b`\n', ['run: npm run a']],
      ['below a sentence', '## Steps\n\n1. Order it\n\nNever do this:\n\n```sh\nnpm run b\n```\n', ['manual']],
      ['twin: not to be forgotten', "## Steps\n\n1. Don't forget to run `npm run a`\n", ['run: npm run a']],
      ['twin: another sentence', '## Steps\n\n1. Run `npm run a`. Do not close the window.\n', ['run: npm run a']],
      ['twin: a box is ticked, whatever it says', '- [ ] Never mind the colour\n', ['manual']],
    ],
  ],
  [
    'what is for later is not run with the rest',
    [
      ['a point', '## Steps\n\n1. After 14 days: `npm run a`\n', ['manual: npm run a']],
      [
        'a section',
        '## Steps\n\n1. `npm run a`\n\n## A week later\n\n- [ ] `npm run b`\n',
        ['run: npm run a', 'manual: npm run b'],
      ],
      ['twin: after what is before', '## Steps\n\n1. After that: `npm run a`\n', ['run: npm run a']],
    ],
  ],
  [
    'what is done several times is for a person, and nothing is asked for all of them at once',
    [
      [
        'for each',
        '## Steps\n\nRepeat for each node:\n\n1. `npm run a -- <node>`\n',
        ['manual: npm run a -- <node>', 'manual'],
      ],
      [
        'twin: once',
        '## Steps\n\nOn the first node:\n\n1. `npm run a -- <node>`\n',
        ['run: npm run a -- "${{ inputs.node }}"'],
      ],
    ],
  ],
  [
    'what a command answers is no command',
    [
      ['example output', '## Steps\n\n1. Order it\n\nExample output:\n\n```\nnpm notice b\n```\n', ['manual']],
      [
        'below a point',
        '## Steps\n\n1. Build it:\n   ```sh\n   npm run a\n   ```\n   You should see:\n   ```\n   npm notice b\n   ```\n',
        ['run: npm run a'],
      ],
      [
        'in a session',
        '## Steps\n\n1. Build it:\n   ```console\n   ops@box:~$ npm run a\n   npm notice b\n   ```\n',
        ['run: npm run a'],
      ],
      [
        'in what is copied',
        '## Steps\n\n1. Check it:\n   ```console\n   $ npm run a\n   ok\n   ```\n',
        ['manual: npm run a'],
      ],
      [
        'twin: an app that is called example',
        '## Steps\n\nBuild the example:\n\n```sh\nnpm run a\n```\n',
        ['run: npm run a'],
      ],
    ],
  ],
  [
    'what must come of a command is looked at by a person before the next one',
    [
      [
        'beside it',
        '## Steps\n\n1. `kubectl config current-context` prints `prod`\n',
        ['manual: kubectl config current-context'],
      ],
      ['wait until', '## Steps\n\n1. Wait until `npm run a` is quiet\n', ['manual: npm run a']],
      [
        'below it',
        '## Steps\n\n1. Space:\n\n   ```sh\n   df -h /data\n   ```\n\n   At least 50 GB must be free.\n',
        ['manual: df -h /data'],
      ],
      ['after it', '## Step 1: Build it\n\n```sh\nnpm run a\n```\n\nIt must print 0.\n', ['run: npm run a', 'manual']],
      [
        'a column',
        '## Steps\n\n| Step | Do | Expected |\n|-|-|-|\n| 1 | `npm run a` | green |\n',
        ['manual: npm run a'],
      ],
      [
        'twin: what is only told',
        '## Step 1: Build it\n\n```sh\nnpm run a\n```\n\nThat takes a minute.\n',
        ['run: npm run a'],
      ],
    ],
  ],
  [
    'what removes something is agreed to; what says that nothing brings it back, by its name',
    [
      [
        'removes',
        '## Steps\n\n1. `rm -rf build`\n2. `kubectl delete job a`\n3. `git push --force`\n',
        ['run: rm -rf build, confirm', 'run: kubectl delete job a, confirm', 'run: git push --force, confirm'],
      ],
      ['final', '## Steps\n\n1. `npm run a` cannot be undone\n', ['run: npm run a, irreversible']],
      [
        'twin: does not',
        '## Steps\n\n1. `rm tfplan`\n2. `php artisan migrate --force`\n',
        ['run: rm tfplan', 'run: php artisan migrate --force'],
      ],
    ],
  ],
  [
    'something that stands for a value is never sent as one',
    [
      ['xxx', '## Steps\n\n1. `heroku config:set KEY=sk_live_xxx`\n', ['manual: heroku config:set KEY=sk_live_xxx']],
      ['your-app', '## Steps\n\n1. `heroku create your-app`\n', ['manual: heroku create your-app']],
      ['twin: a word with x', '## Steps\n\n1. `npm run xx -- maxxx`\n', ['run: npm run xx -- maxxx']],
    ],
  ],
  [
    'rows of a table are steps where a column says what is done, and another by whom, when, or with what',
    [
      ['with times', '| When | What | Who |\n|-|-|-|\n| T-5 | `npm run a` | Ben |\n', ['run: npm run a']],
      [
        'with boxes, below any heading',
        '## Timeline\n\n| What | Done |\n|-|-|\n| Order it | [ ] |\n| Pay it | [x] |\n',
        ['manual', 'manual, already'],
      ],
      [
        'a command of their own',
        '## Steps\n\n| Action | Command |\n|-|-|\n| Build | `npm run a` |\n',
        ['run: npm run a'],
      ],
      ['twin: values', '- [ ] Order it\n\n## Steps\n\n| Name | Where from |\n|-|-|\n| `A` | the vault |\n', ['manual']],
      ['twin: people', '- [ ] Order it\n\n## Steps\n\n| Role | Name |\n|-|-|\n| Lead | Ivo |\n', ['manual']],
    ],
  ],
  [
    'a heading need not be known to hold work: then its commands are for a person',
    [
      [
        'commands in order',
        '- [ ] Order it\n\n## Tuktuk\n\n1. `npm run a`\n2. Bo\n',
        ['manual', 'manual: npm run a', 'manual'],
      ],
      ['told', '- [ ] Order it\n\n## Tuktuk\n\n- Add a box\n- Remove a box\n', ['manual', 'manual', 'manual']],
      ['twin: told of', '- [ ] Order it\n\n## Tuktuk\n\n- A box is there\n- So is another\n', ['manual']],
      ['twin: text', '- [ ] Order it\n\n## Background\n\n1. `npm run a`\n', ['manual']],
    ],
  ],
  [
    'headings are read behind what adorns them',
    [
      ['a picture and a number', '- [ ] Order it\n\n## 🔐 1. Tuktuk\n\n1. `npm run a`\n', ['manual', 'run: npm run a']],
      ['bold', '## Steps\n\n**Step 1 – Build it**\n\n```sh\nnpm run a\n```\n', ['run: npm run a']],
      ['days before', '- [ ] Order it\n\n## Day -3\n\n1. `npm run a`\n', ['manual', 'run: npm run a']],
      ['twin: bold, and no step', '## Steps\n\n**Build it**\n\n1. `npm run a`\n', ['run: npm run a']],
    ],
  ],
  [
    'numbered paragraphs are points',
    [
      ['two of them', '## 3 Steps\n\n3.1 Order it.\n\n3.2 Build it:\n\n    npm run a\n', ['manual', 'run: npm run a']],
      ['twin: a version', '## Steps\n\n1.2 is what we ship.\n\n- [ ] Order it\n', ['manual']],
    ],
  ],
  [
    'what is one of several ways is for a person, who may leave it',
    [
      [
        'what a heading says',
        '## Steps\n\n### If the cache is cold\n\n```sh\nnpm run a\n```\n',
        ['manual: npm run a, optional'],
      ],
      ['an option', '## Steps\n\n### Option B: by hand\n\n1. `npm run a`\n', ['manual: npm run a, optional']],
      [
        'an option that is one step',
        '## Steps\n\n### Option B: Run it\n\n```sh\nnpm run a\n```\n',
        ['manual: npm run a, optional'],
      ],
      [
        'a comment among commands',
        '## Steps\n\n```sh\nnpm run a\n# if it fails:\nnpm run b\n```\n',
        ['manual: npm run a\n# if it fails:\nnpm run b'],
      ],
      [
        'twin: a comment that only tells',
        '## Steps\n\n```sh\n# the first\nnpm run a\n```\n',
        ['run: # the first\nnpm run a'],
      ],
      ['twin: options of the app', '## Steps\n\n### Options\n\n1. `npm run a`\n', ['run: npm run a']],
    ],
  ],
  [
    'what waits for somebody who types, or goes on, is for a person',
    [
      [
        'asks whether it may',
        '## Steps\n\n1. `terraform apply`\n2. `sudo apt-get install nginx`\n',
        ['manual: terraform apply', 'manual: sudo apt-get install nginx'],
      ],
      [
        'another user',
        '## Steps\n\n1. `sudo su - postgres`\n2. `kubectl get pods -w`\n',
        ['manual: sudo su - postgres', 'manual: kubectl get pods -w'],
      ],
      [
        'twin: told not to ask',
        '## Steps\n\n1. `terraform apply tfplan`\n2. `sudo apt-get -y install nginx`\n3. `kubectl get pods`\n',
        ['run: terraform apply tfplan', 'run: sudo apt-get -y install nginx', 'run: kubectl get pods'],
      ],
    ],
  ],
])('%s', (_, cases) => {
  test.each(cases)('%s', (_what, plan, steps) => expect(doneBy(plan)).toEqual(steps));
});

test('a scope of a package is nobody', () => {
  expect(imported('- [ ] Check `npm view @acme/query` and @acme/x\n').keys[0]).not.toHaveProperty('who');
  expect(imported('- [ ] Check it (@ann)\n').keys[0]).toHaveProperty('who', 'ann');
});

test('a row has what the table says of it, its time in the title, and its line', () => {
  const { text, titles, keys } = imported(
    '| When | What | Owner | Link |\n|-|-|-|-|\n| T-5 | Order it | @ann | the wiki |\n',
  );
  expect(titles).toEqual(['T-5: Order it']);
  expect(keys).toEqual([{ manual: true, who: 'ann' }]);
  expect(text).toContain('Order it\n\nWhen: T-5\n\nOwner: @ann\n\nLink: the wiki');
  expect(text).toContain('# plan.md:3');
});

test('a title keeps the figures that it says something with, and not those that count it', () => {
  const { titles } = imported('- [ ] 30 minutes of rest\n- [ ] 3) Order it\n- [ ] 4.1 Pay it\n');
  expect(titles).toEqual(['30 minutes of rest', 'Order it', 'Pay it']);
});

test('a box in a table, and a number that only counts its rows, are not told', () => {
  const { text } = imported('| # | What | Done | Who |\n|-|-|-|-|\n| 1 | 100 % | [ ] | ann |\n');
  expect(text).toContain('### 100 % <!-- step -->\n\nWho: ann\n');
});

test('ids keep the letters of a word with accents, and leave out numbers before it', () => {
  expect(imported('- [ ] Größe geprüft\n- [ ] 10:00–12:00 war room\n').steps.map(({ id }) => id)).toEqual([
    'grosse-gepruft',
    'war-room',
  ]);
});
