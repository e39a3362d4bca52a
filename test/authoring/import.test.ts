// A plan that was written for people, made into a runbook: what becomes of each sort of line, and that none is lost.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { importPlan } from '../../src/authoring/import.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import type { Runbook } from '../../src/runbook/model.ts';
import { kindNames, loadKind } from '../../steps/index.ts';

const planNamed = (name: string) => readFileSync(join(import.meta.dirname, 'plans', `${name}.md`), 'utf8');

function imported(source: string) {
  const made = importPlan({ file: 'plan.md', source, date: '2026-11-21' });
  if (!made) throw new Error('nothing to do in it');
  return { ...made, front: parse(made.text.split(/^---$/m)[1] ?? '') };
}

async function load(text: string): Promise<Runbook> {
  const { runbook, findings } = await loadRunbook({
    file: 'runbooks/plan.md',
    source: text,
    kindNames,
    loadKind,
    readFile: async () => undefined,
  });
  expect(findings).toEqual([]);
  if (!runbook) throw new Error('no runbook');
  return runbook;
}

/** The keys of each step, without the ids. */
const stepsOf = (source: string) =>
  imported(source).front.steps.map(({ id: _, ...keys }: { readonly id: string }) => keys);

describe('a plan', () => {
  test.each(
    readdirSync(join(import.meta.dirname, 'plans'))
      .map((name) => name.replace('.md', ''))
      .sort(),
  )('%s is a runbook without a finding, and no word of it is lost', async (name) => {
    const source = planNamed(name);
    const { text, steps } = imported(source);
    const runbook = await load(text);
    expect(runbook.steps.map(({ id }) => id)).toEqual(steps.map(({ id }) => id));
    expect(lost(source, text)).toEqual([]);
  });

  test('of numbered sections that are named by nouns: what is numbered in them, and what tells somebody to do something, are steps', async () => {
    const plan = `# Live

## 1. Server

1. Order a small one
2. Harden it:
   \`\`\`bash
   ssh root@box ufw enable
   \`\`\`

## 2. DNS

Point the A record to it.

## 3. Results

The shop is open.

## 4. Look

- [ ] https://shop.example.com/up answers 200
`;
    const { steps } = await load(imported(plan).text);
    expect(steps.map(({ title, form: { form } }) => [title, form])).toEqual([
      ['Order a small one', 'manual'],
      ['Harden it', 'run'],
      ['2. DNS', 'manual'],
      ['https://shop.example.com/up answers 200', 'manual'],
    ]);
  });

  test('of numbered headings and a rollout', () => {
    const { front } = imported(planNamed('rails'));
    expect(front.title).toBe('Ship the shop');
    expect(front.inputs).toEqual({
      'dump-file': { description: '<dump file> of the plan' },
      box: { description: '<box> of the plan' },
    });
    expect(front.steps).toEqual([
      { id: 'prepare-box', manual: true, open: 'https://console.example-host.com' },
      { id: 'install-what-needed', run: 'sudo apt-get update\nsudo apt-get install -y nginx' },
      {
        id: 'restore-database',
        run: 'pg_restore --clean -d "$DATABASE_URL" "${{ inputs.dump-file }}"',
        confirm: 'This removes or overwrites what is there. Run it?',
      },
      { id: 'wait', manual: true },
      { id: 'switch-load-balancer-ssh', run: 'ssh deploy@"${{ inputs.box }}" "sudo systemctl restart nginx"' },
      {
        id: 'check-https-shop-example',
        uses: 'http/response',
        with: { url: 'https://shop.example.com/up', status: 200 },
      },
      { id: 'tell-list-ann', manual: true, optional: true, who: 'ann' },
      { id: 'wait-30-minutes', wait: '30m' },
      { id: 'kamal-deploy', run: 'kamal deploy' },
      {
        id: 'acceptance-criteria',
        checklist: ['Orders can be placed', 'curl -s https://shop.example.com/up says ok within 200 ms'],
      },
    ]);
  });

  test('shows a block of commands once: with what is run, or as the plan writes it where values are asked', async () => {
    const { steps } = await load(imported(planNamed('rails')).text);
    expect(steps[1]?.prose).toBe('');
    expect(steps[2]?.prose).toContain('<dump file>');
  });

  test('of boxes: ticked ones are done already, those below a box are the steps, questions come first', async () => {
    const { front, text } = imported(planNamed('extension'));
    expect(front.steps).toEqual([
      { id: 'which-countries', question: 'Which countries?' },
      { id: 'do-we-raise-price', question: 'Do we raise the price?' },
      { id: 'bump-version-manifest-json', manual: true, already: 'ticked in plan.md, 2026-11-21' },
      { id: 'npm-run-build', run: 'npm run build' },
      { id: 'zip-r-extension-zip', run: 'zip -r extension.zip dist' },
      { id: 'upload-extension-zip-developer', manual: true, open: 'https://chrome.google.com/webstore/devconsole' },
      { id: 'pay-fee-paid-last', manual: true, 'not-needed': 'struck out in plan.md' },
      { id: 'answer-github-actor-ticket', manual: true },
    ]);
    const runbook = await load(text);
    expect(runbook.steps[3]?.prose).toBe('Build and zip\n\n`npm run build`');
    expect(runbook.steps.map(({ phase }) => phase)).toContain('Open questions (for Ann)');
  });

  test('in another language is read by its numbers', () => {
    expect(stepsOf(planNamed('german'))).toEqual([
      { manual: true },
      { run: 'rsync -a build/ "${{ inputs.ziel }}":/srv/www' },
      { manual: true },
    ]);
  });

  /** What its steps do, each with what is said of it beside. */
  const doneBy = (source: string) =>
    imported(source).front.steps.map((step: Readonly<Record<string, unknown>>) =>
      [
        step.id,
        step.run ?? Object.keys(step)[1],
        ...(step.already ? ['already'] : []),
        ...(step.optional ? ['optional'] : []),
      ].join(' '),
    );

  test.each<[string, string, readonly string[]]>([
    ['what stands below a ticked box is ticked', '- [x] Prepare\n  - [ ] Order a box\n', ['order-box manual already']],
    [
      'what stands below an optional box is optional',
      '- [ ] (Optional) Prepare\n  - [ ] Order a box\n',
      ['order-box manual optional'],
    ],
    [
      'two blocks below a heading are two steps',
      '### Deploy it\n\n```sh\nnpm run a\n```\n\n```sh\nnpm run b\n```\n',
      ['deploy npm run a', 'deploy-2 npm run b'],
    ],
    [
      'a heading with others below it is none',
      '### Deploy the app\n\nUse care.\n\n#### Order a box\n\nIn Frankfurt.\n',
      ['order-box manual'],
    ],
    [
      'commands below a point of a point are its own',
      '1. Order it:\n   - with this\n     ```sh\n     npm run a\n     ```\n',
      ['order npm run a'],
    ],
    [
      'a heading says nothing of the next one as deep',
      '### Risks\n\n- Order it\n\n### Rest\n\n1. Order it\n',
      ['order manual'],
    ],
  ])('%s', (_what, source, steps) => expect(doneBy(`## Steps\n\n${source}`)).toEqual(steps));

  test('what would hide the next heading, or be one, is quoted in the text of a step', async () => {
    const { text } = imported(
      '## Steps\n\n- [ ] Order it\n  ```\n  never closed\n- [ ] Harden it\n\n  ### A heading\n',
    );
    expect((await load(text)).steps.map(({ title }) => title)).toEqual(['Order it', 'Harden it']);
    expect(text).toContain('> ```');
    expect(text).toContain('> ### A heading');
  });

  test.each([
    '',
    '\n',
    '# Only a title',
    'Some words.',
    '## Risks\n\n- It may fail',
    '| a | b |\n|---|---|\n| 1 | 2 |',
  ])('without anything to do is none: %j', (source) =>
    expect(importPlan({ file: 'plan.md', source, date: '2026-11-21' })).toBeUndefined(),
  );

  test('has its lines in comments beside the steps, as the file counts them', () => {
    const source = planNamed('extension');
    const lines = source.split('\n');
    for (const { id, from } of imported(source).steps.filter(({ id }) =>
      ['npm-run-build', 'which-countries', 'pay-fee-paid-last'].includes(id),
    ))
      expect([id, lines[Number(from?.split(':')[1]) - 1]?.trim()]).toEqual([
        id,
        {
          'npm-run-build': '- [ ] `npm run build`',
          'which-countries': '- Which countries?',
          'pay-fee-paid-last': '- [ ] ~~Pay the fee~~ paid last year',
        }[id],
      ]);
  });
});

describe('a command of a plan', () => {
  const formOf = (item: string) => stepsOf(`## Steps\n\n1. ${item}\n`)[0];

  test.each<[string, object]>([
    [
      'Create the app (`fly apps create sol-prod --org sollabs`)',
      { uses: 'fly/app', with: { name: 'sol-prod', org: 'sollabs' } },
    ],
    [
      '`fly volumes create data --region sjc --size 3 -a sol`',
      { uses: 'fly/volume', with: { app: 'sol', name: 'data', region: 'sjc', size: 3 } },
    ],
    [
      '`flyctl certs add api.sollabs.com -a sol`',
      { uses: 'fly/certificate', with: { app: 'sol', hostname: 'api.sollabs.com' } },
    ],
    ['`fly ips allocate-v4 --shared -a sol`', { uses: 'fly/ips', with: { app: 'sol', v6: false, v4: 'shared' } }],
    [
      'Deploy: `fly deploy -c fly.prod.toml --ha=false -a sol`',
      { uses: 'fly/deploy', with: { app: 'sol', config: 'fly.prod.toml', ha: false } },
    ],
    [
      '`fly scale count app=1 worker=2 -a sol`',
      { uses: 'fly/machines', with: { app: 'sol', groups: { app: 1, worker: 2 } } },
    ],
    ['`fly scale count 2 -a sol`', { uses: 'fly/machines', with: { app: 'sol', count: 2 } }],
    [
      '`curl -fsS https://x.example.com/health` → 204',
      { uses: 'http/response', with: { url: 'https://x.example.com/health', status: 204 } },
    ],
    [
      '`curl https://x.example.com/h` returns `{ "ok": true }`',
      { uses: 'http/response', with: { url: 'https://x.example.com/h', json: { ok: true } } },
    ],
    ['`fly deploy --strategy canary -a sol`', { run: 'fly deploy --strategy canary -a sol' }],
    // What the kind would not take stays the command it is.
    ...[
      'fly volumes create data --size 1.5 -a sol',
      'fly volumes create data --size 0 -a sol',
      'fly deploy ./backend -a sol',
      'fly scale count app=two -a sol',
      'fly scale count app=1 worker -a sol',
    ].map((command): [string, object] => [`\`${command}\``, { run: command }]),
    ['`fly deploy --ha=true -a sol`', { uses: 'fly/deploy', with: { app: 'sol', config: 'fly.toml' } }],
    ['Run `make -C backend deploy`.', { run: 'make -C backend deploy' }],
    ["`git commit -m 'for <who>'`", { run: `git commit -m 'for '"\${{ inputs.who }}"''` }],
    ['`git commit -m "for <who>"`', { run: 'git commit -m "for ${{ inputs.who }}"' }],
    ['`psql -h db -c "select 1"`', { run: 'psql -h db -c "select 1"' }],
    // A quote behind a backslash does not end what it stands in; behind two, or inside single quotes, it does.
    ['`git commit -m "a \\" b <who>"`', { run: 'git commit -m "a \\" b ${{ inputs.who }}"' }],
    ['`git commit -m "a \\\\" <who>`', { run: 'git commit -m "a \\\\" "${{ inputs.who }}"' }],
    ["`git commit -m 'a\\' <who>`", { run: `git commit -m 'a\\' "\${{ inputs.who }}"` }],
    ['`npm run x -- <prototype>`', { run: 'npm run x -- "${{ inputs.value }}"' }],
    ['`npm run x -- <who> <who>`', { run: 'npm run x -- "${{ inputs.who }}" "${{ inputs.who }}"' }],
  ])('is run, or done by a kind: %s', (item, keys) => expect(formOf(item)).toEqual(keys));

  test.each<[string, string]>([
    ['Check `fly status`', 'a look is for whoever asks what it shows'],
    ['`fly volumes create ...`', 'something is left out'],
    ['`fly ssh console -a sol`', 'it waits for somebody who types'],
    ['`fly proxy 5432 -a db`', 'it goes on'],
    ['`npm login`', 'it waits for somebody who types'],
    ['`curl -X POST https://x.example.com/scan`', 'it ends well when the answer is wrong'],
    ['`fly secrets set`', 'it says nothing'],
    ['`git commit -m "for <who>`', 'its quotes do not end'],
    ['`npm run x -- $((<n>))`', 'bash would read what is asked as a sum'],
    ['`curl https://x.example.com/a https://x.example.com/b` → 200', 'two addresses, one answer'],
    ['`curl "https://$HOST/health"` → 200', 'the address is known to the shell only'],
  ])('is left to a person: %s, %s', (item) => expect(formOf(item)).toMatchObject({ manual: true, copy: {} }));

  // Each gap in capitals beside a twin that is none.
  test.each<[string, string, string?]>([
    ['ssh root@SERVER_IP uptime', 'ssh root@"${{ inputs.server-ip }}" uptime'],
    ['git add README LICENSE_HEADER', 'git add README LICENSE_HEADER'],
    [
      'docker pull REGISTRY_HOST/APP_NAME:TAG',
      'docker pull "${{ inputs.registry-host }}"/"${{ inputs.app-name }}":"${{ inputs.tag }}"',
    ],
    ['docker run -e SERVER_IP --build-arg APP_NAME x', 'docker run -e SERVER_IP --build-arg APP_NAME x'],
    ['dig DOMAIN', 'dig "${{ inputs.domain }}"'],
    ['dig HTTP SQL', 'dig HTTP SQL'],
    ['scp a.tgz USER@HOST:/srv', 'scp a.tgz "${{ inputs.user }}"@"${{ inputs.host }}":/srv'],
    ['scp USER_NAME.json x', 'scp USER_NAME.json x'],
    ['ssh root@box "docker pull IMAGE_NAME"', 'ssh root@box "docker pull ${{ inputs.image-name }}"'],
    ['git commit -m "Rename USER_ID everywhere"', 'git commit -m "Rename USER_ID everywhere"'],
    ['helm upgrade x --set "host=API_HOST"', 'helm upgrade x --set "host=${{ inputs.api-host }}"'],
    ['psql -c "select SERVER_NAME from x"', 'psql -c "select SERVER_NAME from x"'],
    ['make deploy HOST=SERVER_IP', 'make deploy HOST="${{ inputs.server-ip }}"'],
    ['make deploy SERVER_IP=1.2.3.4', 'make deploy SERVER_IP=1.2.3.4'],
    ['heroku run x --app APP_NAME', 'heroku run x --app "${{ inputs.app-name }}"'],
    ['heroku config:unset APP_NAME', 'heroku config:unset APP_NAME'],
    ['gh secret delete SERVER_NAME', 'gh secret delete SERVER_NAME'],
    ['gh release create TAG', 'gh release create "${{ inputs.tag }}"'],
    ['git checkout HEAD', 'git checkout HEAD'],
    ['npm run x -- "$APP" ${DB_HOST}', 'npm run x -- "${{ inputs.app }}" "${{ inputs.db-host }}"'],
    ['npm run x -- "$APP"', 'npm run x -- "$APP"', 'APP=sol'],
    ['npm run x -- "$APP_NAME"', 'npm run x -- "$APP_NAME"', 'read -r APP_NAME'],
    ['npm run x -- APP_NAME', 'npm run x -- APP_NAME', 'export APP_NAME=sol'],
    ["npm run x -- '$APP' \\$APP", "npm run x -- '$APP' \\$APP"],
    [
      'npm run x -- "$HOME" "$USER" "$FLY_APP_NAME" "$GITHUB_SHA"',
      'npm run x -- "$HOME" "$USER" "$FLY_APP_NAME" "$GITHUB_SHA"',
    ],
    ['npm run x -- ${APP:-sol} $API_TOKEN $COUNT', 'npm run x -- ${APP:-sol} $API_TOKEN $COUNT'],
    ['git push origin v$VERSION', 'git push origin v"${{ inputs.version }}"'],
    ['npm run x -- YOUR_APP $YOUR_ORG', 'npm run x -- "${{ inputs.app }}" "${{ inputs.org }}"'],
  ])('asks for what is left to fill in, and for nothing else: %s', (command, run, before = '') => {
    const { front } = imported(`Before: \`${before}\`\n\n- [ ] Do it:\n  \`\`\`sh\n  ${command}\n  \`\`\`\n`);
    expect(front.steps).toMatchObject([{ id: 'do', run }]);
  });

  test('a comment, a here-document, and a name that the code reads are left as they are', () => {
    const block = 'npm run x # for APP_NAME\ntee y <<END\nSERVER_IP\nEND';
    const { front } = imported(`- [ ] Do it:\n  \`\`\`sh\n  ${block.replaceAll('\n', '\n  ')}\n  \`\`\`\n`);
    expect(front.steps).toEqual([{ id: 'do', run: block }]);
    const source = '- [ ] `npm run x -- "$SERVER_IP"`\n';
    const plan = { file: 'plan.md', source, date: '2026-11-21' };
    expect(importPlan(plan)?.inputs).toEqual(['server-ip']);
    expect(importPlan({ ...plan, environment: new Set(['SERVER_IP']) })?.inputs).toEqual([]);
  });

  test('an app, an address and a copied command have them too', async () => {
    const { front, text } = imported(
      '- [ ] `fly apps create APP_NAME`\n- [ ] `https://APP_NAME.fly.dev/health` returns 200\n- [ ] Check `ssh root@SERVER_IP uptime`\n',
    );
    expect(front.inputs).toEqual({
      'app-name': { description: 'APP_NAME of the plan' },
      'server-ip': { description: 'SERVER_IP of the plan' },
    });
    expect(front.steps).toMatchObject([
      { uses: 'fly/app', with: { name: '${{ inputs.app-name }}' } },
      { uses: 'http/response', with: { url: 'https://${{ inputs.app-name }}.fly.dev/health' } },
      { manual: true, copy: { Command: 'ssh root@${{ inputs.server-ip }} uptime' } },
    ]);
    await load(text);
  });

  test('is more than one word', () => expect(formOf('`make`')).toEqual({ manual: true }));

  test('that holds an expression of something else is never run, nor copied', () => {
    expect(formOf('`echo ${{ secrets.TOKEN }}`')).toEqual({ manual: true });
  });

  test('gets what is secret by its environment, and asks for it unseen', () => {
    const { front } = imported(
      '- [ ] `deploy-tool x`\n- [ ] Run `DATABASE_URL=postgres://u:<pw>@h/<db> npx prisma migrate deploy`\n',
    );
    expect(front.inputs).toEqual({
      pw: { description: '<pw> of the plan', secret: true },
      db: { description: '<db> of the plan' },
    });
    expect(front.steps[1]).toMatchObject({
      run: 'DATABASE_URL=postgres://u:"$PW"@h/"${{ inputs.db }}" npx prisma migrate deploy',
      env: { PW: '${{ inputs.pw }}' },
    });
  });
});

test('an address with a secret in it is left to a person: no kind takes one there', async () => {
  const { front, text } = imported('- [ ] `curl https://x.example.com/up?key=<api key>` → 200\n');
  expect(front.steps[0]).toMatchObject({
    manual: true,
    copy: { Command: 'curl https://x.example.com/up?key=${{ inputs.api-key }}' },
  });
  await load(text);
});

test('a volume without its region asks for one, as Fly writes it', () => {
  const { front } = imported('- [ ] `fly volumes create data -a sol`\n');
  expect(front.steps).toEqual([
    {
      id: 'fly-volumes-create-data',
      uses: 'fly/volume',
      with: { app: 'sol', name: 'data', region: '${{ inputs.region }}', size: 1 },
    },
  ]);
  expect(front.inputs).toEqual({
    region: { description: '<region> of the plan', pattern: '[a-z]{3}', example: 'sjc' },
  });
});

describe('names of the environment', () => {
  const plan = [
    '## Secrets (config)',
    '',
    '- `API_TOKEN`',
    '- `LOG_LEVEL=info`',
    '- (Optional)',
    '  - `SENTRY_DSN`',
    '',
    '## Steps',
    '',
    '1. Set them:',
    '   ```sh',
    '   fly secrets set PEPPER="$(openssl rand -hex 32)" ADMIN_API_KEY=abc123real REGION=sjc -a sol',
    '   ```',
  ].join('\n');

  test('are what `secrets/fill` sets: made where the plan makes them, asked where it is secret, never taken over', () => {
    const { front, text } = imported(plan);
    expect(front.secrets).toEqual({
      sol: {
        names: {
          API_TOKEN: {},
          LOG_LEVEL: { secret: false, default: 'info' },
          SENTRY_DSN: { required: false },
          PEPPER: { generate: 'hex32' },
          ADMIN_API_KEY: {},
          REGION: { secret: false, default: 'sjc' },
        },
      },
    });
    expect(front.steps).toEqual([{ id: 'set-them', uses: 'secrets/fill', with: { app: 'sol' } }]);
    expect(text.split(/^---$/m)[1]).not.toContain('abc123real');
  });
});

describe('any text', () => {
  const WORDS = [
    'deploy',
    'the',
    'app',
    '`fly deploy`',
    '`npm run x`',
    '<name>',
    "it's",
    '"',
    '**bold**',
    '${{ x }}',
    '#',
    '---',
    '<!--',
    '-->',
    '```',
    '> q',
    '[a](https://e.com)',
    'ünï',
    '1.10',
    ': y',
    '- [ ]',
    '&a',
    '*b',
    '|',
    '\\',
    '`a`b`',
    '<script>',
  ];
  const STARTS = [
    '# ',
    '## ',
    '### ',
    '#### ',
    '- ',
    '- [ ] ',
    '- [x] ',
    '1. ',
    '2) ',
    '  - ',
    '    ',
    '> ',
    '```sh\n',
    '```\n',
    '',
    '',
    '## Steps ',
    '## Questions',
    '## Acceptance criteria ',
    '---\n',
    '<!-- ',
    '* ',
    '\t',
  ];

  /** The same for the same seed: a failure can be played again. */
  function anyPlan(seed: number): string {
    let at = seed;
    const pick = (from: readonly string[]): string => {
      at = (Math.imul(at, 1664525) + 1013904223) >>> 0;
      return from[Math.floor((at / 2 ** 32) * from.length)] ?? '';
    };
    const words = () => Array.from({ length: 1 + (seed % 5) }, () => pick(WORDS)).join(' ');
    return Array.from({ length: 2 + (seed % 14) }, () => pick(STARTS) + words() + pick(['', '', '\n'])).join('\n');
  }

  test('that can be a plan is a runbook without an error; what it says stands in it; twice the same', {
    timeout: 120_000,
  }, async () => {
    let plans = 0;
    for (let seed = 1; seed <= 800; seed++) {
      const source = anyPlan(seed);
      const made = importPlan({ file: 'plan.md', source, date: '2026-11-21' });
      if (!made) continue;
      plans++;
      const { runbook, findings } = await loadRunbook({
        file: 'plan.md',
        source: made.text,
        kindNames,
        loadKind,
        readFile: async () => undefined,
      });
      const of = { seed, source: JSON.stringify(source) };
      expect({ ...of, errors: findings.filter(({ severity }) => severity === 'error') }).toEqual({ ...of, errors: [] });
      expect({ ...of, steps: runbook?.steps.map(({ id, title }) => [id, title]) }).toEqual({
        ...of,
        steps: made.steps.map(({ id }) => [id, expect.any(String)]),
      });
      expect({ ...of, lost: lost(source, made.text) }).toEqual({ ...of, lost: [] });
      expect(importPlan({ file: 'plan.md', source, date: '2026-11-21' })).toEqual(made);
    }
    expect(plans).toBeGreaterThan(400);
  });
});

/** Words of the plan that the runbook has fewer times; the language of a block is none, nor are the names of columns. */
function lost(plan: string, runbook: string): readonly string[] {
  const counts = (text: string) => {
    const found = new Map<string, number>();
    for (const [word] of text.matchAll(/[\p{L}\p{N}]+/gu)) found.set(word, (found.get(word) ?? 0) + 1);
    return found;
  };
  const after = counts(runbook);
  return [...counts(plan.replace(/```\w+$/gm, '').replace(/^.*\n\|?[ \t]*:?-[-:| \t]*$/gm, ''))]
    .filter(([word, many]) => word !== 'x' && !/^\d$/.test(word) && (after.get(word) ?? 0) < many)
    .map(([word]) => word);
}
