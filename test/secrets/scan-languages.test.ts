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
  ])('%s', async (source, want) => {
    expect(await told('cmd/web/main.go', source)).toEqual(want);
  });
});

describe('Swift', () => {
  test.each([
    ['ProcessInfo.processInfo.environment["A1"]', ['A1!']],
    ['ProcessInfo.processInfo.environment["A1"] ?? "x"', ['A1 = x']],
    ['Environment.get("A1") ?? "x"', ['A1 = x']],
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
  ])('%s', async (source, want) => {
    expect(await told('scripts/start.sh', source)).toEqual(want);
  });
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
