import pino from 'pino';
import { sentenceWithActor, type RecordedEvent } from '../core/events.ts';
import { createStoryLog } from './storyLog.ts';

/** Where the story is told: one line an event, text for people or JSON for machines. */
export interface Log {
  /** Prints an event that has been stored. */
  readonly event: (event: RecordedEvent) => void;
  /** A remark that is not part of the record (start-up, progress). */
  readonly note: (sentence: string, fields?: Readonly<Record<string, unknown>>) => void;
  /** Something that passes by itself, or that a person may want to look at. */
  readonly warn: (sentence: string, cause?: unknown) => void;
  readonly error: (sentence: string, cause?: unknown) => void;
}

export interface LogOptions {
  /** `story` is `text` with quiet runs folded into one line. */
  readonly format: 'text' | 'json' | 'story';
  readonly write?: (line: string) => void;
  readonly now?: () => number;
  /** Colour in text lines; only for a terminal. */
  readonly colour?: boolean;
}

const WARNING_KINDS: readonly string[] = [
  'run:failed',
  'feed:fault',
  'feed:unavailable',
  'feed:silent',
  'run:skipped',
  'run:overtaken',
];
const DIM = '\u001b[2m';
const BOLD = '\u001b[1m';
const YELLOW = '\u001b[33m';
const RED = '\u001b[31m';
const PLAIN = '\u001b[0m';

/** The log of a process, by the settings that choose its form. */
export function createLog(options: LogOptions): Log {
  const write = options.write ?? ((line: string) => void process.stdout.write(`${line}\n`));
  const now = options.now ?? Date.now;
  if (options.format === 'json') return createJsonLog(write);
  const text = createTextLog(write, now, options.colour ?? false);
  return options.format === 'story' ? createStoryLog(text) : text;
}

function createJsonLog(write: (line: string) => void): Log {
  const logger = pino(
    { base: null },
    {
      write: (line: string) => {
        write(line.trimEnd());
      },
    },
  );
  return {
    event: ({ sentence, payload, ...rest }) => {
      const level = WARNING_KINDS.includes(rest.kind) ? 'warn' : 'info';
      logger[level]({ ...rest, payload }, sentence);
    },
    note: (sentence, fields = {}) => {
      logger.info(fields, sentence);
    },
    warn: (sentence, cause) => {
      logger.warn(cause === undefined ? {} : { err: cause }, sentence);
    },
    error: (sentence, cause) => {
      logger.error(cause === undefined ? {} : { err: cause }, sentence);
    },
  };
}

function createTextLog(write: (line: string) => void, now: () => number, colour: boolean): Log {
  const paint = (code: string, text: string): string => (colour ? `${code}${text}${PLAIN}` : text);
  const stamp = (milliseconds: number): string =>
    paint(DIM, new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' '));
  return {
    event(event) {
      const run = event.runId === null ? '' : `run ${event.runId}`;
      const kind = paint(WARNING_KINDS.includes(event.kind) ? YELLOW : BOLD, event.kind.padEnd(21));
      write(
        `${stamp(Date.parse(event.at))}  ${(event.symbol ?? '-').padEnd(8)} ${run.padEnd(8)} ${kind} ${sentenceWithActor(event)}`,
      );
    },
    note: (sentence) => {
      write(`${stamp(now())}  ${sentence}`);
    },
    warn: (sentence, cause) => {
      write(`${stamp(now())}  ${paint(YELLOW, 'warning')} ${sentence}${detailOf(cause)}`);
    },
    error: (sentence, cause) => {
      write(`${stamp(now())}  ${paint(RED, 'error')} ${sentence}${detailOf(cause)}`);
    },
  };
}

function detailOf(cause: unknown): string {
  return cause instanceof Error ? ` (${cause.message.replaceAll(/\s*\n\s*/g, ' ')})` : '';
}
