import type { ParseArgsConfig } from 'node:util';
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
  /** Opens the database on first use (starting the embedded one when nothing runs yet); closed after the command. */
  database(): Promise<Database>;
  /** Where `database()` connects, for a connection of one's own. */
  databaseUrl(): Promise<string>;
}

export type Values = Readonly<Record<string, string | boolean | undefined>>;

export interface Command {
  readonly name: string;
  /** Shown in the list of commands. */
  readonly summary: string;
  readonly usage: string;
  readonly examples: readonly string[];
  /** Beside --json and --help; `undefined` for a command that reads its arguments itself. */
  readonly options: NonNullable<ParseArgsConfig['options']> | undefined;
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
