import { ShepherdError } from '../errors.ts';
import {
  isSeriesSettingName,
  SERIES_SETTING_NAMES,
  SERIES_SETTINGS,
  type SeriesSettingName,
  type SeriesSettings,
} from './seriesSettings.ts';

/** Settings that were given in one place, as they were written. */
export type GivenSettings = { readonly [name in SeriesSettingName]?: string };

/** Two ways of saying how rare false alarms are: where one is given, it takes the place of the other. */
const INSTEAD: readonly (readonly [SeriesSettingName, SeriesSettingName])[] = [
  ['DRIFT_ALARM_EVERY_DAYS', 'DRIFT_LEVEL'],
];

/**
 * `base` with what was given in one place, such as the environment or a series of its own.
 * @param whose ends the name in a sentence: nothing for the environment, ` of GSPC` for a series.
 * @throws ShepherdError INVALID_CONFIG for a value out of range, two settings that exclude each other, or values that contradict.
 */
export function applySettings(base: SeriesSettings, given: GivenSettings, whose = ''): SeriesSettings {
  for (const [one, other] of INSTEAD) {
    if (given[one] === undefined || given[other] === undefined) continue;
    throw new ShepherdError(
      'INVALID_CONFIG',
      `${one} and ${other} are both set${whose}; give one, as it replaces the other.`,
    );
  }
  const settings = SERIES_SETTING_NAMES.reduce((before, name) => {
    const text = given[name];
    return text === undefined ? before : write(before, name, text, whose);
  }, base);
  return requireConsistent(settings, whose);
}

/** Those of `values` that have the name of a series' setting; an empty one counts as not given. */
export function pickGiven(values: Readonly<Record<string, string | undefined>>): GivenSettings {
  const entries = SERIES_SETTING_NAMES.map((name) => [name, values[name]?.trim()] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ''));
}

/** @throws ShepherdError INVALID_CONFIG for a name that is none of a series' settings. */
export function requireSeriesSettingName(name: string): SeriesSettingName {
  if (isSeriesSettingName(name)) return name;
  const known = SERIES_SETTING_NAMES.join(', ');
  throw new ShepherdError('INVALID_CONFIG', `${name} is not a setting of a series; these are: ${known}.`);
}

function write(settings: SeriesSettings, name: SeriesSettingName, text: string, whose: string): SeriesSettings {
  const { write: change, expected } = SERIES_SETTINGS[name];
  const changed = change(settings, text);
  if (changed !== undefined) return changed;
  throw new ShepherdError('INVALID_CONFIG', `${name}${whose} is "${text}"; expected ${expected}.`);
}

/** Each value may be right and two of them wrong together. */
function requireConsistent(settings: SeriesSettings, whose: string): SeriesSettings {
  const { decision, drift } = settings;
  if (drift.windowDays > drift.referenceDays) {
    throw new ShepherdError(
      'INVALID_CONFIG',
      `DRIFT_WINDOW_DAYS${whose} is ${drift.windowDays} and DRIFT_REFERENCE_DAYS ${drift.referenceDays}; ` +
        'a window is compared with a reference that is at least as long.',
    );
  }
  if (decision.cooldownDays > decision.staleAfterDays) {
    throw new ShepherdError(
      'INVALID_CONFIG',
      `COOLDOWN_DAYS${whose} is ${decision.cooldownDays} and STALE_AFTER_DAYS ${decision.staleAfterDays}; ` +
        'a stale champion could not be retrained, so give a cooldown that is at most as long.',
    );
  }
  return settings;
}
