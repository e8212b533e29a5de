import { DEFAULT_DECISION_SETTINGS, DEFAULT_GATE_SETTINGS } from '../core/decide/settings.ts';
import { DEFAULT_DRIFT_SETTING } from '../core/drift/setting.ts';
import { DEFAULT_SPEC } from '../core/model/spec.ts';
import type { Settings } from './run/context.ts';

export const DEFAULT_SETTINGS: Settings = {
  spec: DEFAULT_SPEC,
  decision: DEFAULT_DECISION_SETTINGS,
  gate: DEFAULT_GATE_SETTINGS,
  drift: DEFAULT_DRIFT_SETTING,
};
