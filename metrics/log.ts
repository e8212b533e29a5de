import pino from 'pino';

/** What this service has to say; the shepherd's log answers to the same two words. */
export interface Log {
  note(sentence: string): void;
  error(sentence: string, cause?: unknown): void;
}

export function createLog(format: 'text' | 'json', now: () => number = Date.now): Log {
  return format === 'json' ? createJsonLog() : createTextLog(now);
}

function createJsonLog(): Log {
  const logger = pino({ base: null });
  return {
    note: (sentence) => {
      logger.info(sentence);
    },
    error: (sentence, cause) => {
      logger.error(cause === undefined ? {} : { err: cause }, sentence);
    },
  };
}

function createTextLog(now: () => number): Log {
  const write = (sentence: string): void => {
    process.stdout.write(`${new Date(now()).toISOString().slice(0, 19).replace('T', ' ')}  ${sentence}\n`);
  };
  return {
    note: write,
    error: (sentence, cause) => {
      write(`error ${sentence}${cause instanceof Error ? ` (${cause.message})` : ''}`);
    },
  };
}
