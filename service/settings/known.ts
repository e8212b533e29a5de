import { SERIES_SETTINGS, DEFAULT_SERIES_SETTINGS, SERIES_SETTING_NAMES } from '../../core/settings/seriesSettings.ts';
import { decimalNumber, oneOf, text, wholeNumber, type SettingForm } from '../../core/settings/form.ts';
import { isNonEmpty, type NonEmpty } from '../../core/nonEmpty.ts';
import { TRAINING_BACKENDS } from '../../core/model/training/learner.ts';
import { isSymbol, type SeriesSymbol } from '../../core/series/symbol.ts';

/** Who reads a setting: a service, or Compose for the images that are not ours. */
export type SettingReader = 'shepherd' | 'estimator' | 'metrics' | 'compose';

/** A setting of the environment; `D` is `undefined` where it has no default. */
export interface Setting<T, D extends T | undefined> {
  readonly form: SettingForm<T>;
  readonly byDefault: D;
  /** The default in words, where the value alone would not say it. */
  readonly defaultWords?: string;
  readonly meaning: string;
  readonly readers: readonly SettingReader[];
  /** Its value is repeated nowhere. */
  readonly secret?: true;
}

type Words = Pick<Setting<unknown, unknown>, 'meaning' | 'readers'> &
  Partial<Pick<Setting<unknown, unknown>, 'defaultWords' | 'secret'>>;

const withDefault = <T>(form: SettingForm<T>, byDefault: T, words: Words): Setting<T, T> => ({
  form,
  byDefault,
  ...words,
});

const optional = <T>(form: SettingForm<T>, words: Words): Setting<T, undefined> => ({
  form,
  byDefault: undefined,
  defaultWords: 'none',
  ...words,
});

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

/** 0 takes any free port. */
const PORT = wholeNumber(0, 65_535);
const PASSWORD = text('letters and digits');
const DATABASE = text('an address such as postgres://user:password@host:5432/shepherd');
const ALL: readonly SettingReader[] = ['shepherd', 'estimator', 'metrics'];

const MINIMUM_TOKEN_LENGTH = 16;

const SYMBOLS: SettingForm<NonEmpty<SeriesSymbol>> = {
  expected: 'symbols separated by commas, such as MSFT,PETR4.SA',
  parse: (given) => {
    const named = [...new Set(given.split(',').flatMap((each) => each.trim() || []))];
    const symbols = named.filter(isSymbol);
    return isNonEmpty(symbols) && symbols.length === named.length ? symbols : undefined;
  },
};

/** Every setting that is not of a series, in the order of `.env.example` and of README's table. */
export const SETTINGS = {
  POSTGRES_PASSWORD: optional(PASSWORD, {
    meaning: 'Compose: owner of the database; required',
    readers: ['compose'],
    secret: true,
  }),
  SHEPHERD_WRITER_PASSWORD: optional(PASSWORD, {
    meaning: 'Compose: login of the shepherd; required',
    readers: ['compose'],
    secret: true,
  }),
  SHEPHERD_ESTIMATOR_PASSWORD: optional(PASSWORD, {
    meaning: 'Compose: login of the estimator; required',
    readers: ['compose'],
    secret: true,
  }),
  SHEPHERD_METRICS_PASSWORD: optional(PASSWORD, {
    meaning: 'Compose: login of the metrics service; required',
    readers: ['compose'],
    secret: true,
  }),
  GRAFANA_PASSWORD: optional(PASSWORD, {
    meaning: 'Compose: user `admin` of Grafana; required',
    readers: ['compose'],
    secret: true,
  }),
  SHEPHERD_TOKEN: optional(
    text(
      `at least ${MINIMUM_TOKEN_LENGTH} characters, for example from: openssl rand -hex 24`,
      (given) => given.length >= MINIMUM_TOKEN_LENGTH,
    ),
    {
      meaning: 'bearer token of the control routes; without it they are off',
      readers: ['shepherd'],
      secret: true,
    },
  ),
  SOURCE: withDefault(oneOf(['sample', 'yahoo', 'csv']), 'sample', {
    defaultWords: '`sample` (Compose: `yahoo`)',
    meaning: 'where prices come from',
    readers: ['shepherd'],
  }),
  SYMBOLS: optional(SYMBOLS, {
    defaultWords: '`GSPC` (sample), `MSFT`',
    meaning:
      'what is followed; the first is what a request without a symbol means. An estimator of its own without `SYMBOLS` takes the ' +
      'series that had a model first; `GET /models` says which',
    readers: ['shepherd', 'estimator'],
  }),
  SCHEDULE: optional(text('a cron expression such as "15 22 * * *"'), {
    defaultWords: '`15 22 * * *`',
    meaning: 'when a run starts, in UTC; the sample is its own clock',
    readers: ['shepherd'],
  }),
  CSV_PATH: withDefault(text('a file, or a folder of `SYMBOL.csv`'), './csv', {
    meaning: 'for `SOURCE=csv`',
    readers: ['shepherd'],
  }),
  SAMPLE_DAY_SECONDS: withDefault(decimalNumber(0.01, 86_400), 2, {
    meaning: 'seconds one trading day of the sample lasts',
    readers: ['shepherd'],
  }),
  YAHOO_HOST: optional(text('a host'), {
    defaultWords: "Yahoo's own",
    meaning: 'another host that speaks its API',
    readers: ['shepherd'],
  }),
  ESTIMATOR_PORT: withDefault(PORT, 5000, { meaning: 'forecasts and page', readers: ['estimator'] }),
  SHEPHERD_PORT: withDefault(PORT, 5001, { meaning: 'control', readers: ['shepherd'] }),
  METRICS_PORT: withDefault(PORT, 9464, { meaning: 'Prometheus text', readers: ['metrics'] }),
  PROMETHEUS_PORT: withDefault(PORT, 9090, { meaning: 'Compose', readers: ['compose'] }),
  ALERTMANAGER_PORT: withDefault(PORT, 9093, { meaning: 'Compose', readers: ['compose'] }),
  GRAFANA_PORT: withDefault(PORT, 3000, { meaning: 'Compose', readers: ['compose'] }),
  TRAINING_BACKEND: withDefault(oneOf(TRAINING_BACKENDS), 'kernel', {
    meaning:
      'what trains: the own kernel, or the same network by TensorFlow.js (on `@tensorflow/tfjs-node` where you have installed it, ' +
      'else on WebAssembly; many times slower)',
    readers: ['shepherd'],
  }),
  TRAINING_THREADS: optional(wholeNumber(1, 256), {
    defaultWords: 'one a core',
    meaning: 'trainings at once',
    readers: ['shepherd'],
  }),
  // Far above any person or honest script; lower it where strangers can reach the port.
  RATE_LIMIT_PER_MINUTE: withDefault(wholeNumber(1, 10_000_000), 300_000, {
    meaning: 'requests from one address before 429',
    readers: ['estimator'],
  }),
  // A thousand windows of 60 prices are 1.2 MB of JSON; a CSV of a century of days is 2 MB, with all of Yahoo's columns.
  BODY_LIMIT_BYTES: withDefault(wholeNumber(KIBIBYTE, 64 * MEBIBYTE), 4 * MEBIBYTE, {
    meaning: 'largest request body, an uploaded file included',
    readers: ['shepherd', 'estimator'],
  }),
  TRUST_PROXY: withDefault(oneOf(['no', 'yes']), 'no', {
    meaning: '`yes`: believe `X-Forwarded-For`',
    readers: ['estimator'],
  }),
  ESTIMATOR_POLL_SECONDS: withDefault(wholeNumber(1, 3600), 1, {
    meaning: 'looks for promotions this often, beside the notifications',
    readers: ['estimator'],
  }),
  PROMETHEUS_RETENTION: withDefault(text('a duration'), '90d', { meaning: 'Compose', readers: ['compose'] }),
  LOG_FORMAT: optional(oneOf(['text', 'story', 'json']), {
    defaultWords: '`story` on a terminal, else `text`',
    meaning: '`text` for people, `story` the same with quiet runs in one line, `json` for machines',
    readers: ALL,
  }),
  CONTROL_URL: withDefault(
    text('an address such as http://localhost:5001', (given) => /^https?:/.test(given) && URL.canParse(given)),
    'http://127.0.0.1:5001',
    { meaning: 'the control service, to which the acts of the page are passed on', readers: ['estimator'] },
  ),
  MLFLOW_TRACKING_URI: optional(
    text('an address such as http://localhost:5050', (given) => /^https?:/.test(given) && URL.canParse(given)),
    { meaning: 'an MLflow server that trainings and searches are told to as well', readers: ['shepherd'] },
  ),
  MLFLOW_TRACKING_TOKEN: optional(text('a token'), {
    meaning: 'its bearer token',
    readers: ['shepherd'],
    secret: true,
  }),
  DATABASE_URL: optional(DATABASE, {
    defaultWords: 'its own',
    meaning: 'a PostgreSQL of yours, 17 or newer; without it one is started in `DATA_DIR`',
    readers: ALL,
  }),
  OWNER_DATABASE_URL: optional(DATABASE, {
    defaultWords: '`DATABASE_URL`',
    meaning: 'owner, read by `npm start` and `shepherd migrate` alone',
    readers: ['shepherd'],
  }),
  ESTIMATOR_DATABASE_URL: optional(DATABASE, {
    defaultWords: '`DATABASE_URL`',
    meaning: 'login of fewer rights',
    readers: ['estimator'],
  }),
  METRICS_DATABASE_URL: optional(DATABASE, {
    defaultWords: '`DATABASE_URL`',
    meaning: 'login that reads views',
    readers: ['metrics'],
  }),
  DATA_DIR: withDefault(text('a folder'), './.data', {
    meaning: 'where the database lives, and the checkpoints of the record',
    readers: ['shepherd'],
  }),
  HOST: withDefault(text('an address'), '127.0.0.1', { meaning: 'address the services listen on', readers: ALL }),
} as const;

export type SettingName = keyof typeof SETTINGS;
/** What reading a setting gives. */
export type SettingValue<N extends SettingName> =
  (typeof SETTINGS)[N] extends Setting<infer T, infer D> ? T | D : never;

/** A setting as it is told to people: for the help, the table in the README, and names that are nearly right. */
export interface KnownSetting {
  readonly name: string;
  readonly byDefault: string;
  readonly expected: string;
  readonly meaning: string;
  readonly readers: readonly SettingReader[];
  /** A series may have a value of its own: `shepherd settings`. */
  readonly perSeries: boolean;
}

/** All of them; those of a series after those of the feed. */
export const KNOWN_SETTINGS: readonly KnownSetting[] = Object.entries(SETTINGS).flatMap(([name, setting]) => {
  const { form, byDefault, defaultWords, meaning, readers } = setting as Setting<unknown, unknown>; // any of them
  const shown = defaultWords ?? `\`${String(byDefault)}\``;
  const known = { name, byDefault: shown, expected: form.expected, meaning, readers, perSeries: false };
  return name === 'ESTIMATOR_PORT' ? [...seriesSettings(), known] : [known];
});

function seriesSettings(): KnownSetting[] {
  return SERIES_SETTING_NAMES.map((name) => {
    const { read, expected, meaning } = SERIES_SETTINGS[name];
    const value = read(DEFAULT_SERIES_SETTINGS);
    const byDefault = value === undefined ? 'none' : `\`${value}\``;
    return { name, byDefault, expected, meaning, readers: ['shepherd'], perSeries: true };
  });
}
