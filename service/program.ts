import { ShepherdError } from '../core/errors.ts';
import { createLog, type Log } from './log.ts';
import { checkNames } from './settings/names.ts';
import { readSetting, type Environment } from './settings/read.ts';

/** A service that has started. */
export interface Running {
  /** Settles when the service cannot go on by itself, with the reason; absent where that cannot happen. */
  readonly failed?: Promise<ShepherdError>;
  /** Finishes what is under way and frees what is held. */
  close(): Promise<void>;
}

/** Within the grace that Compose gives (30 s). What is under way has been told to stop by then: whatever still waits, waits in vain. */
const LONGEST_STOP_MS = 25_000;
const EXIT_FAULT = 1;
const EXIT_INTERRUPTED = 130;

/**
 * Runs a service as this process: a failed start is one sentence on stderr with the exit status of its code; SIGINT and SIGTERM close
 * the service and end the process, a second signal ends it at once, and a stop that takes longer than `stopMs` is not waited for.
 * @param start is given the log of the process, and a signal that tells it when it is not wanted any more.
 */
export async function runProgram(
  env: Environment,
  start: (log: Log, signal: AbortSignal) => Promise<Running>,
  { stopMs = LONGEST_STOP_MS }: { readonly stopMs?: number } = {},
): Promise<void> {
  const stopping = new AbortController();
  let log: Log | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    if (stopping.signal.aborted) process.exit(EXIT_INTERRUPTED);
    log?.note(`Stopping (${name}); everything stored stays.`);
    setTimeout(() => {
      process.stderr.write(`Stopping took longer than ${stopMs / 1000} s and was given up; everything stored stays.\n`);
      process.exit(EXIT_INTERRUPTED);
    }, stopMs).unref();
    stopping.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    const format = readSetting(env, 'LOG_FORMAT') ?? (process.stdout.isTTY ? 'story' : 'text');
    log = createLog({ format, colour: process.stdout.isTTY });
    for (const warning of checkNames(env)) log.warn(warning);
    const { error: tell } = log;
    // A promise that nobody awaits is a fault to be told and mended, and no reason for callers to be left without answers.
    process.on('unhandledRejection', (fault) => {
      tell('A fault of the program was caught by nobody; it goes on.', fault);
    });
    const running = await start(log, stopping.signal);
    const failure = await Promise.race([running.failed ?? never(), aborted(stopping.signal)]);
    if (failure !== undefined) log.error(failure.message);
    await running.close();
    process.exit(failure?.exitStatus ?? 0);
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exit(stopping.signal.aborted ? EXIT_INTERRUPTED : exitStatusOf(error));
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => {
      resolve(undefined);
    });
  });
}

/** One sentence for what was expected to go wrong, the stack for a fault of the program. */
export function describeFailure(error: unknown): string {
  if (error instanceof ShepherdError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The exit status that README's table gives the error's code; 1 for a fault of the program. */
export function exitStatusOf(error: unknown): number {
  return error instanceof ShepherdError ? error.exitStatus : EXIT_FAULT;
}
