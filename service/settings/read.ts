import { ShepherdError } from '../../core/errors.ts';
import { SETTINGS, type Setting, type SettingName, type SettingValue } from './known.ts';

/** Settings as text by name, as a process gets them; handed in, never read here. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The value of a setting, or its default; an empty or blank one counts as unset.
 * @throws ShepherdError INVALID_CONFIG naming the setting, its value and what was expected.
 */
export function readSetting<N extends SettingName>(env: Environment, name: N): SettingValue<N> {
  const { form, byDefault }: Setting<unknown, unknown> = SETTINGS[name];
  const given = env[name]?.trim() ?? '';
  const value = given === '' ? byDefault : form.parse(given);
  if (value === undefined && given !== '') throw invalidSetting(name, given);
  return value as SettingValue<N>; // the default or the form's own value of this very setting
}

export function invalidSetting(name: SettingName, value: string): ShepherdError {
  const { form, secret }: Setting<unknown, unknown> = SETTINGS[name];
  return new ShepherdError(
    'INVALID_CONFIG',
    `${name} is "${secret === true ? '…' : value}"; expected ${form.expected}.`,
  );
}

/** What every service is told, whatever it does. */
export interface CommonSettings {
  /** Address it listens on. */
  readonly host: string;
  /** Absent: whoever starts the service says which database. */
  readonly databaseUrl: string | undefined;
  readonly logFormat: 'text' | 'json' | 'story';
}

/** @param ownDatabase the setting that gives this service a login of its own, before `DATABASE_URL`. */
export function readCommonSettings(
  env: Environment,
  ownDatabase?: 'ESTIMATOR_DATABASE_URL' | 'METRICS_DATABASE_URL',
): CommonSettings {
  const own = ownDatabase === undefined ? undefined : readSetting(env, ownDatabase);
  return {
    host: readSetting(env, 'HOST'),
    databaseUrl: own ?? readSetting(env, 'DATABASE_URL'),
    logFormat: readSetting(env, 'LOG_FORMAT') ?? 'text',
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
