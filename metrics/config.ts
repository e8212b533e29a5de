import { readCommonSettings, readSetting, type CommonSettings, type Environment } from '../service/settings/read.ts';

export interface MetricsConfig extends CommonSettings {
  /** 0 takes any free port. */
  readonly port: number;
}

/**
 * Reads and checks the settings of the metrics service; empty values count as unset.
 * @throws ShepherdError INVALID_CONFIG naming the variable, its value and what was expected.
 */
export function readConfig(env: Environment): MetricsConfig {
  return {
    ...readCommonSettings(env, 'METRICS_DATABASE_URL'),
    port: readSetting(env, 'METRICS_PORT'),
  };
}
