// Which variables a child gets: those of a kind only what programs need to work, those written by the person their own environment.

/** A process's variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a program needs to find its files, its language, its certificates and its way out. Names with `*` are beginnings. */
const ALLOWED = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'TMP', 'TEMP', 'TZ', 'SHLVL'],
  ...[
    'LANG',
    'LANGUAGE',
    'LC_*',
    'TERM',
    'COLORTERM',
    'XDG_*',
    'DISPLAY',
    'XAUTHORITY',
    'WAYLAND_DISPLAY',
    'WSL_*',
    'SSH_AUTH_SOCK',
    'SSH_AGENT_PID',
    'GNUPGHOME',
  ],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'],
  ...[
    'GIT_*',
    'DEVELOPER_DIR',
    'DOCKER_HOST',
    'DOCKER_CONFIG',
    'DOCKER_CONTEXT',
    'DOCKER_CERT_PATH',
    'DOCKER_TLS_VERIFY',
  ],
];

/** Credentials go to the tool they are for, and to no other. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  fly: ['FLY_API_TOKEN', 'FLY_ACCESS_TOKEN', 'FLY_CONFIG_DIR', 'FLY_NO_UPDATE_CHECK', 'FLY_REMOTE_BUILDER_*'],
  op: ['OP_*'],
  psql: ['PGSSLROOTCERT', 'PGPASSFILE', 'PGSERVICEFILE'],
  gh: ['GH_*', 'GITHUB_TOKEN'],
};

/** What a child of a kind gets; `tool` is the name it is called by (`fly`). */
export function kindEnvironment(from: Environment, tool: string): Environment {
  const allowed = [...ALLOWED, ...(Object.hasOwn(OWN, tool) ? OWN[tool]! : [])];
  return Object.fromEntries(Object.entries(from).filter(([name]) => allowed.some((rule) => fits(rule, name))));
}

/** What a child written by the person gets: everything but the names in `without`. */
export function personEnvironment(from: Environment, without: readonly string[]): Environment {
  return Object.fromEntries(Object.entries(from).filter(([name]) => !without.includes(name)));
}

/** Later ones win; undefined takes a name out. */
export function merged(...environments: readonly Environment[]): Record<string, string> {
  const all: Record<string, string | undefined> = Object.assign({}, ...environments);
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function fits(rule: string, name: string): boolean {
  return rule.endsWith('*') ? name.startsWith(rule.slice(0, -1)) : rule === name;
}
