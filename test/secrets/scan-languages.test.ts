// Reads in languages that have no tree here: what a line says about a name and about a value that is missing.
import { describe, expect, test } from 'vitest';
import { takeInventory } from '../../src/secrets/inventory.ts';
import { projectOf } from './project-in-memory.ts';

async function told(file: string, source: string): Promise<readonly string[]> {
  const { entries } = await takeInventory(projectOf({ [file]: source }));
  return entries.map(
    ({ name, required, default: standard }) =>
      `${name}${required ? '!' : ''}${standard === undefined ? '' : ` = ${standard}`}`,
  );
}

describe('Python', () => {
  test.each([
    ['os.environ["A1"]', ['A1!']],
    ["os.environ['A1'] = 'x'", []],
    ['os.environ.get("A1")', ['A1!']],
    ['os.environ.get("A1", "x")', ['A1 = x']],
    ['os.getenv("A1", default="x")', ['A1 = x']],
    ['a = os.getenv("A1") or "x"', ['A1 = x']],
    ['os.environ.get("A1", None)', ['A1']],
    ['if os.getenv("A1") == "1":', ['A1']],
    ['if "A1" in os.environ:', ['A1']],
    ['TIMEOUT = int(os.environ.get("A1", 30))', ['A1 = 30']],
    ['env.str("A1"); env.bool("B1", default=False)', ['A1!', 'B1 = False']],
    ['config("A1", default="x", cast=str)', ['A1 = x']],
    ['# os.environ["A1"]', []],
    [
      'class S(BaseSettings):\n    a1: str\n    b1: int = 4\n    c1: str | None = None\n    x = 1\n\ny: str',
      ['A1!', 'B1 = 4', 'C1'],
    ],
    [
      'class S(Base, BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="APP_")\n    key: str = Field(...)\n    k2: str = Field("x", min_length=1)\n    k3: str = Field(alias="OTHER")',
      ['APP_K2 = x', 'APP_KEY!', 'OTHER!'],
    ],
    ['class S(BaseModel):\n    a1: str', []],
    [
      'a = 1  # os.environ["A1"]\n"""\nos.environ["B1"]\n"""\nprint(\'os.environ["C1"]\', f"{os.environ[\'D1\']}")',
      ['D1!'],
    ],
    ['x = os.getenv(\n    "A1",\n    "x",\n)', ['A1 = x']],
    ['os.environ.setdefault("A1", "x"); environ.pop("B1", None)', ['A1 = x', 'B1']],
    ['key = os.getenv("A1")\nif not key:\n    raise RuntimeError("A1")', ['A1!']],
    ['key = os.getenv("A1")\nif key:\n    use(key)', ['A1']],
    ['if os.environ.get("A1") is None:\n    sys.exit(1)', ['A1!']],
    ['env("A1"); env.list("B1", default=["a", "b"]); env.int("C1", 5); logging.config("D1")', ['A1!', 'B1', 'C1 = 5']],
    ['env = environ.Env(\n    A1=(bool, False),\n)\nenv("A1"); env("B1")', ['A1 = False', 'B1!']],
    ['e = Env()\nwith e.prefixed("APP_"):\n    e.str("A1")\ne.str("B1")', ['APP_A1!', 'B1!']],
    ['config("A1", default="a,b", cast=Csv()); config(\n  "B1",\n  default=False,\n)', ['A1 = a,b', 'B1 = False']],
    ['for n in ["A1", "B1"]:\n    if n not in os.environ:\n        raise SystemExit(n)', ['A1!', 'B1!']],
    [
      'def need(name):\n    v = os.environ.get(name)\n    if not v:\n        raise KeyError(name)\n    return v\n\ndef get(name, default=None):\n    return os.getenv(name, default)\n\nneed("A1"); get("B1", "x"); get("C1")',
      ['A1!', 'B1 = x', 'C1'],
    ],
    [
      'class Base(BaseSettings):\n    a1: str\n\nclass S(Base):\n    """Words: of it."""\n    b1: int = Field(\n        default=30,\n    )\n    c1: str = Field("", validation_alias=AliasChoices("C1", "C2"))\n    d1: Annotated[str, Field(alias="D2")]\n\n    def m(self, x: str):\n        y: str',
      ['A1!', 'B1 = 30', 'C1 = ', 'C2 = ', 'D2!'],
    ],
  ])('%s', async (source, want) => {
    expect(await told('app/settings.py', source)).toEqual(want);
  });
});

describe('Ruby', () => {
  test.each([
    ['ENV["A1"]', ['A1!']],
    ['ENV["A1"] ||= "x"', ['A1 = x']],
    ["a = ENV['A1'] || 'x'", ['A1 = x']],
    ['ENV.fetch("A1")', ['A1!']],
    ['ENV.fetch("A1", "x")', ['A1 = x']],
    ['ENV.fetch("A1") { 5 }', ['A1 = 5']],
    ['ENV.fetch("A1") { raise "A1" }', ['A1!']],
    ['ENV["A1"].present?', ['A1']],
    ['return if ENV.key?("A1")', ['A1']],
    ['ENV["A1"] = "x"', []],
    ['a = 1 # ENV["A1"]\nb = "redis://#{ENV.fetch("B1")}"', ['B1!']],
    ['ENV.fetch("A1") do\n  5\nend', ['A1 = 5']],
    ['ENV.fetch "A1", nil', ['A1']],
    ['ENV.fetch("A1", ENV.fetch("B1", "x"))', ['A1', 'B1 = x']],
    ['raise "A1" unless ENV["A1"]\nabort("B1") if ENV["B1"].nil?', ['A1!', 'B1!']],
    ['ENV["A1"] ? 1 : 2; ENV["B1"]&.split(","); ENV["C1"] && x', ['A1', 'B1', 'C1']],
    ['%w[A1 B1].each { |k| ENV.fetch(k) }', ['A1!', 'B1!']],
    ['Dotenv.require_keys("A1", "B1")', ['A1!', 'B1!']],
  ])('%s', async (source, want) => {
    expect(await told('config/app.rb', source)).toEqual(want);
  });
});

describe('Go', () => {
  test.each([
    ['os.Getenv("A1")', ['A1!']],
    ['key := os.Getenv("A1")\nif key == "" {\n\tlog.Fatal("A1")\n}', ['A1!']],
    ['port := os.Getenv("A1")\nif port == "" {\n\tport = "8080"\n}', ['A1 = 8080']],
    ['v, ok := os.LookupEnv("A1")', ['A1']],
    ['v, ok := os.LookupEnv("A1")\nif !ok {\n\treturn errors.New("A1")\n}', ['A1!']],
    ['mustEnv("A1"); getEnvOr("B1", "x")', ['A1!', 'B1 = x']],
    ['\tKey string `env:"A1,required"`\n\tPort int `env:"B1" envDefault:"80"`', ['A1!', 'B1 = 80']],
    ['if os.Getenv("A1") == "1" {', ['A1']],
    ['x := 1 // os.Getenv("A1")\n/* os.Getenv("B1") */\nf(`os.Getenv("C1")`)', []],
    ['const key = "A1"\nv := os.Getenv(key)', ['A1!']],
    ['if v, ok := os.LookupEnv("A1"); ok {\n\tuse(v)\n}', ['A1']],
    ['key := os.Getenv("A1")\nif key == "" {\n\tslog.Error("A1")\n\tos.Exit(1)\n}', ['A1!']],
    ['a := cmp.Or(os.Getenv("A1"), "x")', ['A1 = x']],
    [
      'for _, n := range []string{"A1", "B1"} {\n\tif os.Getenv(n) == "" {\n\t\tlog.Fatalf("%s", n)\n\t}\n}',
      ['A1!', 'B1!'],
    ],
    [
      'type C struct {\n\tDB DB `envPrefix:"DB_"`\n}\ntype DB struct {\n\tURL string `env:"URL,required"`\n}',
      ['DB_URL!'],
    ],
  ])('%s', async (source, want) => {
    expect(await told('cmd/web/main.go', source)).toEqual(want);
  });
});

describe('Swift', () => {
  test.each([
    ['ProcessInfo.processInfo.environment["A1"]', ['A1!']],
    ['ProcessInfo.processInfo.environment["A1"] ?? "x"', ['A1 = x']],
    ['Environment.get("A1") ?? "x"', ['A1 = x']],
    [
      'let env = ProcessInfo.processInfo.environment\nlet a = env["A1"]; let b = env["B1", default: "x"]',
      ['A1!', 'B1 = x'],
    ],
    ['if let a = Environment.get("A1") { }', ['A1']],
    ['Environment.get("A1").flatMap(Int.init(_:)) ?? 5432', ['A1 = 5432']],
    ['let a = Environment.process.A1 ?? "x"', ['A1 = x']],
    ['let x = 1 // Environment.get("A1")', []],
    [
      'func need(_ name: String) throws -> String {\n    guard let v = env[name] else { throw Missing(name) }\n    return v\n}\nlet a = try need("A1")',
      ['A1!'],
    ],
    ['guard let key = Environment.get("A1") else { fatalError() }', ['A1!']],
  ])('%s', async (source, want) => {
    expect(await told('Sources/App/configure.swift', source)).toEqual(want);
  });
});

describe('shell', () => {
  test.each([
    ['echo "$A1 ${B1}"', ['A1!', 'B1!']],
    ['echo "${A1:-x} ${B1:-} ${C1:-$D1}"', ['A1 = x', 'B1', 'C1', 'D1!']],
    [': "${A1:?must be set}"', ['A1!']],
    ['if [ -z "$A1" ]; then', ['A1']],
    ['A1=5\necho $A1', []],
    ['A1="${A1:-5}"', ['A1 = 5']],
    ['for A1 in a b; do echo $A1; done', []],
    ["echo '$A1' \\$B1 # $C1\ncat <<'EOF'\n$D1\nEOF\ncat <<EOF\n$E1\nEOF", ['E1!']],
    [
      'if [ -z "$A1" ]; then\n  exit 1\nfi\n[[ -n "$B1" ]] || exit 1\n[ -z "${C1:-}" ] && { exit 1; }',
      ['A1!', 'B1!', 'C1!'],
    ],
    ['read -r A1 B1 <<< "x"\nf() { local C1=1; echo "$A1 $B1 $C1 ${D1[@]}"; }', []],
    ['echo "${A1%/} ${#B1} ${C1:=x} ${D1-y}"', ['A1!', 'B1!', 'C1 = x', 'D1 = y']],
  ])('%s', async (source, want) => {
    expect(await told('scripts/start.sh', source)).toEqual(want);
  });
});

describe('Elixir', () => {
  test.each([
    ['System.fetch_env!("A1")', ['A1!']],
    ['System.get_env("A1") || "x"', ['A1 = x']],
    ['System.get_env("A1") ||\n  raise """\n  A1 is missing\n  """', ['A1!']],
    ['System.get_env("A1", "4000")', ['A1 = 4000']],
    ['if System.get_env("A1") do # System.get_env("B1")', ['A1']],
  ])('%s', async (source, want) => {
    expect(await told('config/runtime.exs', source)).toEqual(want);
  });
});

describe('Rust', () => {
  test.each([
    ['std::env::var("A1").expect("A1")', ['A1!']],
    ['env::var("A1")?', ['A1!']],
    ['env::var("A1").unwrap_or_else(|_| "x".to_string())', ['A1 = x']],
    ['env::var("A1").ok()', ['A1']],
    ['if let Ok(a) = std::env::var("A1") {} // env::var("B1")', ['A1']],
  ])('%s', async (source, want) => {
    expect(await told('src/main.rs', source)).toEqual(want);
  });
});

test('Prisma: env() of a schema', async () => {
  expect(await told('prisma/schema.prisma', 'url = env("A1")\n// env("B1")')).toEqual(['A1!']);
});

test('a program without an ending is read as its first line says', async () => {
  expect(await told('bin/start', '#!/bin/sh -e\nexec node x --key "$A1"')).toEqual(['A1!']);
  expect(await told('bin/setup', '#!/usr/bin/env ruby\nENV.fetch("A1")')).toEqual(['A1!']);
  expect(await told('bin/data', 'echo "$A1"')).toEqual([]);
});

test('a helper of Go is known in other packages by the name of its own; Get of anything else is none', async () => {
  const { entries } = await takeInventory(
    projectOf({
      'pkg/envx/envx.go':
        'package envx\n\nfunc Get(key, fallback string) string {\n\tif v, ok := os.LookupEnv(key); ok {\n\t\treturn v\n\t}\n\treturn fallback\n}\n\nfunc Must(key string) string {\n\tv := os.Getenv(key)\n\tif v == "" {\n\t\tpanic(key)\n\t}\n\treturn v\n}\n',
      'main.go': 'package main\n\nvar a, b, c = envx.Get("A1", ":80"), envx.Must("B1"), header.Get("NOT_ONE")\n',
    }),
  );
  expect(entries.map(({ name, required, default: standard }) => [name, required, standard])).toEqual([
    ['A1', false, ':80'],
    ['B1', true, undefined],
  ]);
});

test('settings classes of pydantic are known by a class of another file', async () => {
  const { entries } = await takeInventory(
    projectOf({
      'app/base.py': 'class Common(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="APP_")\n',
      'app/config.py': 'from .base import Common\n\nclass Settings(Common):\n    key: str\n',
    }),
  );
  expect(entries.map(({ name, required }) => [name, required])).toEqual([['APP_KEY', true]]);
});

test('Windows line ends and a mark of byte order change nothing', async () => {
  expect(await told('a.sh', '\uFEFF#!/bin/sh\r\necho "${A1:-x}"\r\n')).toEqual(['A1 = x']);
  expect(await told('.env.example', '\uFEFFA1=x\r\nB1=\r\n')).toEqual(['A1', 'B1']);
});

test('Rails: ENV in the YAML files below config is read like Ruby', async () => {
  const source = 'production:\n  url: <%= ENV[\'DATABASE_URL\'] %>\n  password: <%= ENV.fetch("DB_PASSWORD") %>\n';
  expect(await told('config/database.yml', source)).toEqual(['DATABASE_URL!', 'DB_PASSWORD!']);
  expect(await told('deploy/values.yml', source)).toEqual([]);
});

test('a struct tag of Go that must not be empty is required', async () => {
  expect(await told('config.go', 'type C struct {\n  Token string `env:"BOT_TOKEN,notEmpty"`\n}')).toEqual([
    'BOT_TOKEN!',
  ]);
});

test('the address of a local service as a default is told, and is no secret in the code; one with a password is', async () => {
  const at = async (address: string) => {
    const { entries } = await takeInventory(projectOf({ 'a.rb': `ENV["REDIS_URL"] || "${address}"` }));
    return entries.map(({ default: standard, hardCoded }) => ({ standard, hardCoded }));
  };
  expect(await at('redis://localhost:6379/0')).toEqual([
    { standard: 'redis://localhost:6379/0', hardCoded: undefined },
  ]);
  expect(await at('redis://:secret@localhost')).toEqual([{ standard: undefined, hardCoded: true }]);
  expect(await at('https://hooks.example.com/T00/B00')).toEqual([{ standard: undefined, hardCoded: true }]);
});
