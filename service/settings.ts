import { ShepherdError } from '../core/errors.ts';

/** Settings as text by name, as a process gets them; handed in, never read here. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The trimmed text of a setting; an empty one counts as unset. */
export function readText(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

export interface NumberRange {
  readonly least: number;
  readonly most: number;
  /** Fractions are refused unless this is true. */
  readonly fractions?: boolean;
}

/** @throws ShepherdError INVALID_CONFIG outside the range. */
export function readNumber<T>(env: Environment, name: string, fallback: T, range: NumberRange): number | T {
  const given = readText(env, name);
  if (given === undefined) return fallback;
  const pattern = range.fractions === true ? /^\d+(\.\d+)?$/ : /^\d+$/;
  const value = pattern.test(given) ? Number(given) : Number.NaN;
  if (value >= range.least && value <= range.most) return value;
  const kind = range.fractions === true ? 'a number' : 'a whole number';
  throw invalidSetting(name, given, `${kind} from ${range.least} to ${range.most}`);
}

/** @throws ShepherdError INVALID_CONFIG for anything but one of `choices`. */
export function readChoice<const T extends string>(
  env: Environment,
  name: string,
  choices: readonly T[],
  fallback: T,
): T {
  const given = readText(env, name);
  if (given === undefined) return fallback;
  const choice = choices.find((candidate) => candidate === given);
  if (choice === undefined) throw invalidSetting(name, given, `one of ${choices.join(', ')}`);
  return choice;
}

export const PORT: NumberRange = { least: 0, most: 65_535 };

export function invalidSetting(name: string, value: string, expected: string): ShepherdError {
  return new ShepherdError('INVALID_CONFIG', `${name} is "${value}"; expected ${expected}.`);
}

/** Text for people, JSON for machines; needed before anything else can be said. */
export function readLogFormat(env: Environment): 'text' | 'json' {
  return readChoice(env, 'LOG_FORMAT', ['text', 'json'], 'text');
}

/** What every service is told, whatever it does. */
export interface CommonSettings {
  /** Address it listens on. */
  readonly host: string;
  /** Absent: whoever starts the service says which database. */
  readonly databaseUrl: string | undefined;
  readonly logFormat: 'text' | 'json';
}

/** @param ownDatabase the variable that gives this service a login of its own, before `DATABASE_URL`. */
export function readCommonSettings(env: Environment, ownDatabase?: string): CommonSettings {
  const own = ownDatabase === undefined ? undefined : readText(env, ownDatabase);
  return {
    host: readText(env, 'HOST') ?? '127.0.0.1',
    databaseUrl: own ?? readText(env, 'DATABASE_URL'),
    logFormat: readLogFormat(env),
  };
}

/** @throws ShepherdError INVALID_CONFIG for a service that cannot do without a database and was given none. */
export function requireDatabaseUrl({ databaseUrl }: Pick<CommonSettings, 'databaseUrl'>): string {
  if (databaseUrl !== undefined) return databaseUrl;
  throw new ShepherdError(
    'INVALID_CONFIG',
    'DATABASE_URL is not set; it names the PostgreSQL that the shepherd keeps.',
  );
}
