import { DEFAULT_SPEC } from '../../core/model/spec.ts';
import type { ShepherdConfig } from '../config.ts';
import { createTrainingPool } from '../threads/pool.ts';
import { createTracker } from '../tracking/tracker.ts';
import type { RunContext } from './context.ts';

/** The context of runs as the configuration wants them; the caller closes its pool. */
export function createRunContext(
  config: ShepherdConfig,
  given: Omit<RunContext, 'pool' | 'settings' | 'tracker'>,
): RunContext {
  return {
    ...given,
    pool: createTrainingPool(config.training),
    settings: { spec: DEFAULT_SPEC, ...config.settings },
    tracker: createTracker(config),
  };
}
