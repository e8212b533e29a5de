import type { Log } from '../service/log.ts';

const nothing = (): void => undefined;

/** A log that nobody reads. */
export const silentLog: Log = { event: nothing, note: nothing, warn: nothing, error: nothing };
