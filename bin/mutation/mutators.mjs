// Which mutants there are: Stryker's own, with two changes. Stryker has no plugin for mutators, so its list is edited.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
// Both by way of Stryker's core, so that they are the ones it uses.
const fromCore = createRequire(require.resolve('@stryker-mutator/core'));
export const instrumenter = fromCore.resolve('@stryker-mutator/instrumenter');
export const { allMutators } = await import(pathToFileURL(join(instrumenter, '..', 'mutators', 'mutate.js')));
const { types } = createRequire(instrumenter)('@babel/core');

/**
 * Changes `allMutators` in place:
 * - a text with a space in it is a sentence for people or SQL, which Stryker would empty: that a test misses an empty
 *   sentence says little, and an empty statement fails by itself. Names and states, without a space, are emptied.
 * - SQL gets mutants of its own, one place at a time: comparisons, order, AND and OR, quoted states, numbers, NOT.
 */
export function chooseMutators() {
  const index = allMutators.findIndex(({ name }) => name === 'StringLiteral');
  if (index === -1) throw new Error('Stryker has changed: no StringLiteral among its mutators');
  const { mutate } = allMutators[index];
  allMutators[index] = {
    name: 'StringLiteral',
    *mutate(path) {
      if (!/\s/.test(textOf(path) ?? '')) yield* mutate(path);
    },
  };
  allMutators.push({ name: 'Sql', mutate: mutateSql });
}

/** The text of a string or template, expressions as a letter; undefined for other nodes. */
function textOf(path) {
  if (path.isStringLiteral()) return path.node.value;
  if (path.isTemplateLiteral()) return path.node.quasis.map(({ value }) => value.raw).join('x');
  return undefined;
}

const SQL = /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|FROM|WHERE|VALUES|ON CONFLICT|ORDER BY)\b/;

/** Where SQL can be wrong by one word: what to look for, and what stands there instead. */
const SLIPS = [
  [/<=/g, '<'],
  [/>=/g, '>'],
  [/(?<![<>!-])>(?![=>])/g, '>='],
  [/(?<![<@])<(?![=>@])/g, '<='],
  [/(?<![<>!:])=(?!=)/g, '<>'],
  [/<>/g, '='],
  [/\bAND\b/g, 'OR'],
  [/\bOR\b(?! REPLACE)/g, 'AND'],
  [/\bIS NOT NULL\b/g, 'IS NULL'],
  [/\bIS NULL\b/g, 'IS NOT NULL'],
  [/\bNOT EXISTS\b/g, 'EXISTS'],
  [/\bDESC\b/g, 'ASC'],
  [/\bASC\b/g, 'DESC'],
  [/(\bORDER BY [\w.]+)(?! (?:ASC|DESC))\b(?!\.)/g, '$1 DESC'],
  [/\bmax\(/gi, 'min('],
  [/\bmin\(/gi, 'max('],
  [/\bDISTINCT ON\b[^)]*\)/g, ''],
  [/\bLIMIT 1\b/g, 'LIMIT 2'],
  [/(?<=[(=, ])'[a-z][a-z-]+'/g, "'another'"],
  [/\bLEFT JOIN\b/g, 'JOIN'],
  [/\b(true|false)\b/g, (word) => (word === 'true' ? 'false' : 'true')],
];

function* mutateSql(path) {
  if (!SQL.test(textOf(path) ?? '')) return;
  if (path.isStringLiteral()) {
    for (const text of slipsOf(path.node.value)) yield types.stringLiteral(text);
    return;
  }
  const { quasis, expressions } = path.node;
  for (const [index, { value }] of quasis.entries()) {
    for (const raw of slipsOf(value.raw)) {
      const changed = quasis.map((quasi, each) =>
        types.templateElement(each === index ? { raw } : { ...quasi.value }, quasi.tail),
      );
      yield types.templateLiteral(
        changed,
        expressions.map((each) => types.cloneNode(each, true)),
      );
    }
  }
}

/** In `SET column = value` nothing is compared; another sign there is no SQL at all. */
const ASSIGNS = /\bSET\b(?!.*\b(?:WHERE|ON|AND|OR|WHEN|SELECT|FROM)\b)[^;]*$/s;

function* slipsOf(text) {
  for (const [pattern, replacement] of SLIPS) {
    for (const match of text.matchAll(pattern)) {
      const before = text.slice(0, match.index);
      if (match[0] === '=' && ASSIGNS.test(before)) continue;
      const after = text.slice(match.index + match[0].length);
      const word = typeof replacement === 'string' ? replacement.replace('$1', match[1] ?? '') : replacement(match[0]);
      yield before + word + after;
    }
  }
}
