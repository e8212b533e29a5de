import { ShepherdError } from '../../../core/errors.ts';
import { parseSymbol, type SeriesSymbol } from '../../../core/series/symbol.ts';
import type { Database } from '../../../db/connection/client.ts';
import type { ShepherdConfig } from '../../config.ts';
import type { Log } from '../../../service/log.ts';

/** Where a command speaks: results on stdout, everything else on stderr. */
export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly isTerminal: boolean;
}

export interface CommandContext {
  readonly io: Io;
  readonly config: ShepherdConfig;
  readonly log: Log;
  /** Result as one JSON object instead of text. */
  readonly json: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /**
   * Opens the database on first use (starting the embedded one when nothing runs yet); closed after the command.
   * @throws ShepherdError NO_DATABASE where there is none yet, for a command that does not make one.
   */
  database(): Promise<Database>;
  /** Where `database()` connects, for a connection of one's own. */
  databaseUrl(): Promise<string>;
}

/** An option of a command, as `--help` explains it. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly about: string;
}

export const SYMBOL: Option = {
  type: 'string',
  about: 'the series, by its symbol; the first of SYMBOLS when left out',
};
export const ONE_SYMBOL: Option = { type: 'string', about: 'this series alone; all when left out' };
export const REASON: Option = { type: 'string', about: 'why, in your words; it is stored with the act' };

export type Values = Readonly<Record<string, string | boolean | undefined>>;

export interface Command {
  readonly name: string;
  /** Shown in the list of commands. */
  readonly summary: string;
  readonly usage: string;
  readonly examples: readonly string[];
  /** Works where there is no database yet, and makes one; any other command asks for an existing one. */
  readonly makesDatabase?: boolean;
  /** Beside --json and --help. */
  readonly options: Readonly<Record<string, Option>>;
  /** It reads its arguments itself; `options` are for the help alone. */
  readonly readsArguments?: boolean;
  /**
   * @param positionals all arguments as given, for a command that reads them itself.
   * @returns the exit status.
   */
  run(context: CommandContext, values: Values, positionals: readonly string[]): Promise<number>;
}

/** Prints a result: JSON as one line when asked for, else the lines for people. */
export function printResult(
  context: Pick<CommandContext, 'io' | 'json'>,
  result: object,
  lines: readonly string[],
): void {
  context.io.stdout(context.json ? `${JSON.stringify(result)}\n` : `${lines.join('\n')}\n`);
}

/** A text option, `undefined` when absent. */
export function textOption(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * The series that is asked for, `undefined` when none is named.
 * @throws ShepherdError INVALID_INPUT.
 */
export function symbolOption(values: Values): SeriesSymbol | undefined {
  const given = textOption(values, 'symbol');
  return given === undefined ? undefined : parseSymbol(given);
}

/** The series that is asked for, else the first that is kept. @throws ShepherdError INVALID_INPUT. */
export function symbolOrFirst({ config }: Pick<CommandContext, 'config'>, values: Values): SeriesSymbol {
  return symbolOption(values) ?? config.symbols[0];
}

/**
 * The reason that an act cannot do without.
 * @param act begins the refusal, such as `A rollback`.
 * @throws ShepherdError INVALID_INPUT when there is none.
 */
export function reasonFor(act: string, values: Values): string {
  const reason = textOption(values, 'reason');
  if (reason !== undefined) return reason;
  throw new ShepherdError('INVALID_INPUT', `${act} needs --reason "…"; it is stored with the act.`);
}

/** @throws ShepherdError INVALID_INPUT for anything but a whole number from `least` on. */
export function wholeNumberOption(values: Values, name: string, least: number, fallback: number): number {
  const text = textOption(values, name);
  const value = text === undefined ? fallback : Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new ShepherdError('INVALID_INPUT', `--${name} is ${text ?? ''}; expected a whole number from ${least} on.`);
}

/** The same places for functions that speak in lines. */
export function linesTo(io: Io): { out: (line: string) => void; err: (line: string) => void } {
  return {
    out: (line) => {
      io.stdout(`${line}\n`);
    },
    err: (line) => {
      io.stderr(`${line}\n`);
    },
  };
}
