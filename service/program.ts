import { ShepherdError } from '../core/errors.ts';
import { createLog, type Log } from './log.ts';
import { readLogFormat, type Environment } from './settings.ts';

/** A service that has started. */
export interface Running {
  /** Settles when the service cannot go on by itself, with the reason; absent where that cannot happen. */
  readonly failed?: Promise<ShepherdError>;
  /** Finishes what is under way and frees what is held. */
  close(): Promise<void>;
}

const EXIT_FAULT = 1;
const EXIT_INTERRUPTED = 130;

/**
 * Runs a service as this process: a failed start is one sentence on stderr with the exit status of its code; SIGINT and SIGTERM close
 * the service and end the process, a second signal ends it at once.
 * @param start is given the log of the process, and a signal that tells it when it is not wanted any more.
 */
export async function runProgram(
  env: Environment,
  start: (log: Log, signal: AbortSignal) => Promise<Running>,
): Promise<void> {
  const stopping = new AbortController();
  let log: Log | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    if (stopping.signal.aborted) process.exit(EXIT_INTERRUPTED);
    log?.note(`Stopping (${name}); everything stored stays.`);
    stopping.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    log = createLog({ format: readLogFormat(env), colour: process.stdout.isTTY });
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
