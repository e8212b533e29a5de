import {
  DEFAULT_DECISION_SETTINGS,
  DEFAULT_GATE_SETTINGS,
  GATE_POLICIES,
  type DecisionSettings,
  type GateSettings,
} from '../decide/settings.ts';
import {
  ALARM_EVERY_DAYS,
  DEFAULT_DRIFT_SETTING,
  MINIMUM_CURRENT,
  MINIMUM_REFERENCE,
  MOST_CURRENT,
  MOST_REFERENCE,
  type DriftSetting,
} from '../drift/setting.ts';
import { decimalNumber, oneOf, wholeNumber, type SettingForm } from './form.ts';

/** What a person may choose for every series alike, or for one: when it is checked, retrained and promoted. Plain JSON. */
export interface SeriesSettings {
  readonly decision: DecisionSettings;
  readonly gate: GateSettings;
  readonly drift: DriftSetting;
}

export const DEFAULT_SERIES_SETTINGS: SeriesSettings = {
  decision: DEFAULT_DECISION_SETTINGS,
  gate: DEFAULT_GATE_SETTINGS,
  drift: DEFAULT_DRIFT_SETTING,
};

/** One of them by its name: how it is written, where it stands, and what it means. */
export interface SeriesSetting {
  readonly expected: string;
  readonly meaning: string;
  /** Undefined where another setting has taken its place. */
  readonly read: (settings: SeriesSettings) => string | undefined;
  /** The settings with this one as `text` says; undefined where the text is not of its form. */
  readonly write: (settings: SeriesSettings, text: string) => SeriesSettings | undefined;
}

function setting<T extends string | number>(
  { expected, parse }: SettingForm<T>,
  meaning: string,
  get: (settings: SeriesSettings) => T | undefined,
  put: (settings: SeriesSettings, value: T) => SeriesSettings,
): SeriesSetting {
  return {
    expected,
    meaning,
    read: (settings) => get(settings)?.toString(),
    write: (settings, text) => {
      const value = parse(text);
      return value === undefined ? undefined : put(settings, value);
    },
  };
}

const decision = (settings: SeriesSettings, part: Partial<DecisionSettings>): SeriesSettings => ({
  ...settings,
  decision: { ...settings.decision, ...part },
});
const gate = (settings: SeriesSettings, part: Partial<GateSettings>): SeriesSettings => ({
  ...settings,
  gate: { ...settings.gate, ...part },
});
const drift = (settings: SeriesSettings, part: Partial<DriftSetting>): SeriesSettings => ({
  ...settings,
  drift: { ...settings.drift, ...part },
});

/** All of them, in the order in which they are listed. Days are trading days of the series itself. */
export const SERIES_SETTINGS = {
  STALE_AFTER_DAYS: setting(
    wholeNumber(1, 5000),
    'a champion neither trained nor revalidated for longer is stale, and retrained',
    (all) => all.decision.staleAfterDays,
    (all, staleAfterDays) => decision(all, { staleAfterDays }),
  ),
  COOLDOWN_DAYS: setting(
    wholeNumber(0, 5000),
    "days that must pass after a retrain before age may start another, and after an alarm's before the next alarm may; at most `STALE_AFTER_DAYS`",
    (all) => all.decision.cooldownDays,
    (all, cooldownDays) => decision(all, { cooldownDays }),
  ),
  RETRAIN_BUDGET: setting(
    wholeNumber(1, 1000),
    "retrains that may be spent in `RETRAIN_BUDGET_DAYS`; a person's request is not bound by it",
    (all) => all.decision.budgetRetrains,
    (all, budgetRetrains) => decision(all, { budgetRetrains }),
  ),
  RETRAIN_BUDGET_DAYS: setting(
    wholeNumber(1, 5000),
    'the days that `RETRAIN_BUDGET` is for',
    (all) => all.decision.budgetDays,
    (all, budgetDays) => decision(all, { budgetDays }),
  ),
  DRIFT_WINDOW_DAYS: setting(
    wholeNumber(MINIMUM_CURRENT, MOST_CURRENT),
    'newest changes that the drift check compares; at most `DRIFT_REFERENCE_DAYS`',
    (all) => all.drift.windowDays,
    (all, windowDays) => drift(all, { windowDays }),
  ),
  DRIFT_REFERENCE_DAYS: setting(
    wholeNumber(MINIMUM_REFERENCE, MOST_REFERENCE),
    'changes before them, at most, that say what is normal',
    (all) => all.drift.referenceDays,
    (all, referenceDays) => drift(all, { referenceDays }),
  ),
  DRIFT_ALARM_EVERY_DAYS: setting(
    wholeNumber(ALARM_EVERY_DAYS.least, ALARM_EVERY_DAYS.most),
    'where nothing changes, one needless retrain of the whole flock in so many days on average, by all detectors of data and losses together',
    ({ drift: { rule } }) => (rule.kind === 'false-alarms' ? rule.everyDays : undefined),
    (all, everyDays) => drift(all, { rule: { kind: 'false-alarms', everyDays } }),
  ),
  DRIFT_LEVEL: setting(
    decimalNumber(0.0001, 0.49),
    'instead of `DRIFT_ALARM_EVERY_DAYS`: the chance of a false alarm at each Kolmogorov-Smirnov check, looked at by itself; nothing is then watched day by day',
    ({ drift: { rule } }) => (rule.kind === 'level' ? rule.level : undefined),
    (all, level) => drift(all, { rule: { kind: 'level', level } }),
  ),
  GATE_POLICY: setting(
    oneOf(GATE_POLICIES),
    'what a challenger needs: proof that it is better, or only no sign that it is worse',
    (all) => all.gate.policy,
    (all, policy) => gate(all, { policy }),
  ),
  GATE_LEVEL: setting(
    decimalNumber(0.0001, 0.5),
    'chance that `superior` promotes where no challenger is better, over both arms together',
    (all) => all.gate.level,
    (all, level) => gate(all, { level }),
  ),
  GATE_EVIDENCE_DAYS: setting(
    wholeNumber(60, 5000),
    'held-out days for which evidence against the champion is remembered',
    (all) => all.gate.evidenceDays,
    (all, evidenceDays) => gate(all, { evidenceDays }),
  ),
} as const satisfies Readonly<Record<string, SeriesSetting>>;

export type SeriesSettingName = keyof typeof SERIES_SETTINGS;

export const SERIES_SETTING_NAMES = Object.keys(SERIES_SETTINGS) as readonly SeriesSettingName[]; // the keys just written

export function isSeriesSettingName(name: string): name is SeriesSettingName {
  return Object.hasOwn(SERIES_SETTINGS, name);
}
