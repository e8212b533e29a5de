import { ShepherdError } from '../../core/errors.ts';

/** What may stand at a place of a JSON text. */
type Expected = 'value' | 'value or ]' | 'field or }' | 'field' | ':' | ', or ]' | ', or }' | 'end';

const WORDS: Readonly<Record<Expected, string>> = {
  value: 'a value',
  'value or ]': 'a value or "]"',
  'field or }': 'a field name in double quotes or "}"',
  field: 'a field name in double quotes',
  ':': '":"',
  ', or ]': '"," or "]"',
  ', or }': '"," or "}"',
  end: 'nothing more',
};

const SPACE = /[ \t\n\r]*/y;
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const PLAIN = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|(?:true|false|null)(?!\w)/y;

/** Where a text stops being JSON: line and column from 1, and what was expected there. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  readonly expected: string;
}

/** The first place at which a text is not JSON (RFC 8259); `undefined` where all of it is. `JSON.parse` tells a place of some faults only. */
export function findJsonFault(text: string): JsonFault | undefined {
  const open: ('[' | '{')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.test(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const afterValue = (): Expected => {
    const inside = open.at(-1);
    return inside === undefined ? 'end' : inside === '[' ? ', or ]' : ', or }';
  };
  for (;;) {
    take(SPACE);
    const next = text[at];
    if (next === undefined && expected === 'end') return undefined;
    if ((next === ']' && expected.endsWith(']')) || (next === '}' && expected.endsWith('}'))) {
      open.pop();
      at += 1;
      expected = afterValue();
    } else if (next === ',' && expected.startsWith(',')) {
      at += 1;
      expected = open.at(-1) === '[' ? 'value' : 'field';
    } else if (next === ':' && expected === ':') {
      at += 1;
      expected = 'value';
    } else if ((next === '[' || next === '{') && expected.startsWith('value')) {
      open.push(next);
      at += 1;
      expected = next === '[' ? 'value or ]' : 'field or }';
    } else if (expected.startsWith('value') && (take(TEXT) || take(PLAIN))) {
      expected = afterValue();
    } else if (expected.startsWith('field') && take(TEXT)) {
      expected = ':';
    } else {
      const before = text.slice(0, at);
      return { line: before.split('\n').length, column: at - before.lastIndexOf('\n'), expected: WORDS[expected] };
    }
  }
}

/** @throws ShepherdError INVALID_INPUT with line and column for a body that a JSON parser refused. */
export function refuseJson(text: string, cause: unknown): ShepherdError {
  const fault = findJsonFault(text);
  const sentence =
    fault === undefined
      ? 'The JSON has a field named "__proto__" or "constructor"; leave it out.' // what the parser refuses beyond the grammar
      : `The body is not JSON: line ${fault.line}, column ${fault.column} has ${quote(text, fault)}; expected ${fault.expected}.`;
  return new ShepherdError('INVALID_INPUT', sentence, { cause });
}

function quote(text: string, { line, column }: JsonFault): string {
  const rest = text.split('\n')[line - 1]?.slice(column - 1) ?? '';
  if (rest !== '') return JSON.stringify(rest.slice(0, 12));
  return line === text.split('\n').length ? 'the end of the text' : 'the end of the line';
}
