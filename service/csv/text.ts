import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { CsvError, parse, type Parser } from 'csv-parse';
import { ShepherdError } from '../../core/errors.ts';

/** A file by its path, or content that came another way, with a name for messages. */
export type CsvInput = { readonly path: string } | { readonly name: string; readonly content: string | Uint8Array };

export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvText {
  readonly separator: string;
  readonly records: readonly CsvRecord[];
}

interface ParsedRecord {
  readonly info: { readonly lines: number };
  readonly record: string[];
}

/** 100,000 rows are 273 years of days: a longer file is not one row a day, and is not read to its end. */
const MOST_ROWS = 100_000;
/** A line of prices is below a hundred characters. */
const LONGEST_LINE = 64 * 1_024;
const PIECE_BYTES = 32 * 1_024;
const SEPARATORS = [',', ';', '\t'];

export function nameOf(input: CsvInput): string {
  return 'path' in input ? input.path : input.name;
}

/** The one form of every complaint about a file: where, then what was read and what was expected. */
export function csvError(
  name: string,
  where: { line?: number | undefined; column?: string | undefined },
  what: string,
  cause?: unknown,
): ShepherdError {
  const line = where.line === undefined ? '' : `, line ${where.line}`;
  const column = where.column === undefined ? '' : `, column ${JSON.stringify(where.column)}`;
  return new ShepherdError('INVALID_CSV', `${name}${line}${column}: ${what}.`, { cause });
}

/**
 * Reads UTF-8 text into records of trimmed cells, blank lines left out. The separator is the one the first line uses most.
 * Memory is bounded by the longest file of days there can be, not by the file.
 * @throws ShepherdError INVALID_CSV, also for a file that is not there or cannot be opened.
 */
export async function readCsvText(input: CsvInput): Promise<CsvText> {
  const name = nameOf(input);
  const chunks = decode(name, 'path' in input ? createReadStream(input.path) : inPieces(toBytes(input.content)));
  const records: CsvRecord[] = [];
  let separator = ',';
  try {
    const { start, rest } = await readFirstLine(chunks);
    separator = findSeparator(start);
    const parser = parse({
      delimiter: separator,
      info: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      max_record_size: LONGEST_LINE,
    });
    for await (const { info, record } of parsed(Readable.from(rest), parser)) {
      if (records.length > MOST_ROWS) {
        throw csvError(name, { line: info.lines }, `more than ${MOST_ROWS} rows; expected one row a day`);
      }
      records.push({ line: info.lines, cells: record });
    }
  } catch (error) {
    throw explain(name, error);
  }
  return { separator, records };
}

/** Joins text and parser so that a failure of either reaches the reader, and a reader that stops ends both. */
async function* parsed(text: Readable, parser: Parser): AsyncGenerator<ParsedRecord> {
  text.on('error', (error) => parser.destroy(error));
  try {
    yield* text.pipe(parser) as AsyncIterable<ParsedRecord>; // the shape that `info: true` asks for
  } finally {
    text.destroy();
  }
}

function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

/** Others get their turn between two pieces of an upload. */
async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    yield bytes.subarray(from, from + PIECE_BYTES);
    await setImmediate();
  }
}

async function* decode(name: string, bytes: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const toText = (chunk?: Uint8Array): string => {
    try {
      const text = decoder.decode(chunk, { stream: chunk !== undefined });
      if (!text.includes('\0')) return text;
    } catch {
      // told below, as for a zero byte
    }
    throw csvError(name, {}, 'is not text in UTF-8; save it as "CSV UTF-8"');
  };
  for await (const chunk of bytes) if (chunk instanceof Uint8Array) yield toText(chunk);
  yield toText();
}

/** Reads until the first line is whole; `rest` gives everything, from the beginning. */
async function readFirstLine(chunks: AsyncGenerator<string>): Promise<{ start: string; rest: AsyncIterable<string> }> {
  let start = '';
  while (!/\S[^\r\n]*[\r\n]/.test(start) && start.length < LONGEST_LINE) {
    const next = await chunks.next();
    if (next.done === true) break;
    start += next.value;
  }
  async function* rest(): AsyncGenerator<string> {
    yield start;
    yield* chunks;
  }
  return { start, rest: rest() };
}

function findSeparator(start: string): string {
  const line = start.trimStart().split(/[\r\n]/, 1)[0] ?? '';
  const unquoted = line.replace(/"[^"]*"/g, '');
  const uses = (separator: string): number => unquoted.split(separator).length;
  return SEPARATORS.reduce((best, separator) => (uses(separator) > uses(best) ? separator : best));
}

const PARSER_COMPLAINTS: Partial<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote (") is opened and never closed',
  CSV_MAX_RECORD_SIZE: `a line is longer than ${LONGEST_LINE} characters; expected rows of a few cells`,
  INVALID_OPENING_QUOTE: 'a quote (") stands inside an unquoted cell',
  CSV_INVALID_CLOSING_QUOTE: 'a quote (") ends before its cell does',
};

function explain(name: string, error: unknown): unknown {
  if (error instanceof CsvError) {
    const line = typeof error['lines'] === 'number' ? { line: error['lines'] } : {};
    return csvError(name, line, PARSER_COMPLAINTS[error.code] ?? error.message.replace(/\.$/, ''), error);
  }
  if (error instanceof Error && 'syscall' in error && 'code' in error) {
    const reason = error.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${String(error.code)})`;
    return new ShepherdError('INVALID_CSV', `${name}: ${reason}.`, { cause: error });
  }
  return error;
}
