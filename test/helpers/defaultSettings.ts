import { DEFAULT_SPEC } from '../../core/model/spec.ts';
import { DEFAULT_SERIES_SETTINGS } from '../../core/settings/seriesSettings.ts';
import type { Settings } from '../../shepherd/run/context.ts';

/** What a run goes by where nothing is chosen. */
export const DEFAULT_SETTINGS: Settings = { spec: DEFAULT_SPEC, ...DEFAULT_SERIES_SETTINGS };
