import pino, { type Logger } from 'pino';

const LEVELS: Readonly<Record<number, string>> = { 40: 'warning ', 50: 'error ', 60: 'error ' };

/** The estimator's own log: JSON lines for machines, or one plain line an event for people. */
export function createLog(format: 'text' | 'json', write: (line: string) => void): Logger {
  return pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    {
      write: (line: string) => {
        write(format === 'json' ? line : toText(line));
      },
    },
  );
}

function toText(line: string): string {
  // The line was written by pino a moment ago.
  const { time, level, msg, err, ...fields } = JSON.parse(line) as {
    time: string;
    level: number;
    msg?: string;
    err?: { message: string };
  } & Record<string, unknown>;
  const details = Object.entries({ ...fields, ...(err && { reason: err.message }) })
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('');
  return `${time.slice(0, 19).replace('T', ' ')}  estimator ${LEVELS[level] ?? ''}${msg ?? ''}${details}\n`;
}
