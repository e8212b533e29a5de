import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';

const RESULTS = 'bench/mutation/results.json';
const FAULT_LIST = 'bench/mutation/faults.json';
const FAULTS = 'bench/mutation/faultsSeen.json';
const ACCEPTED = 'bench/mutation/accepted.json';
const PAGE = 'bench/results/mutation.md';

/** Folders whose score is told apart; the first that fits. */
const FOLDERS = [/^core\/[^/]+(?=\/)/, /^core(?=\/)/, /^shepherd\/run/, /^[^/]+/];
const BARS = { 'core/decide': 85, 'core/drift': 85, 'core/forecast': 85, 'shepherd/run': 85, db: 85, estimator: 85 };
const OVERALL_BAR = 80;

const read = (file, otherwise) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : otherwise);

/** What is measured, whatever is committed meanwhile. */
export function commitNow() {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
}

/**
 * Keeps the results of one room, writes the page anew, and answers what to print.
 * @param sample absent where every mutant was planted: its seed, and how many mutants each file has.
 */
export function report({ room, files, mutants, seconds, commit, sample }) {
  const gone = ([file]) => !existsSync(file);
  const results = Object.fromEntries(Object.entries(read(RESULTS, {})).filter((entry) => !gone(entry)));
  const date = new Date().toISOString().slice(0, 10);
  for (const file of files) {
    const own = mutants.filter(({ fileName }) => relative('.', fileName) === file);
    const lines = readFileSync(file, 'utf8').split('\n');
    const count = (status) => own.filter((mutant) => mutant.status === status).length;
    results[file] = {
      date,
      commit,
      seconds: Math.round((seconds * own.length) / mutants.length) || 0,
      killed: count('Killed'),
      timedOut: count('Timeout'),
      ...(sample === undefined ? {} : { of: sample.of[file], seed: sample.seed }),
      unseen: own
        .filter(({ status }) => !['Killed', 'Timeout', 'Ignored'].includes(status))
        .map((mutant) => describe(mutant, lines))
        .sort((a, b) => a.line - b.line),
    };
  }
  mkdirSync(dirname(RESULTS), { recursive: true });
  writeFileSync(RESULTS, `${JSON.stringify(Object.fromEntries(Object.entries(results).sort()), null, 1)}\n`);
  writePage();
  const unseen = files.flatMap((file) => results[file].unseen.map((each) => `  ${file}${wordsOf(each)}\n`));
  return `${unseen.join('')}${rowsOf(results)
    .map((row) => `${row.join(' | ')}\n`)
    .join('')}${room}: ${seconds.toFixed(0)} s\n`;
}

/**
 * Keeps what came of planted faults, and writes the page anew.
 * @param all the whole list: what is kept of faults that are no longer in it goes.
 */
export function keepFaults(all, results) {
  const kept = read(FAULTS, {});
  const date = new Date().toISOString().slice(0, 10);
  for (const { file, what, seen } of results) kept[`${file}: ${what}`] = { seen, date, commit: commitNow() };
  const names = all.map(({ file, what }) => `${file}: ${what}`);
  const listed = Object.fromEntries(names.filter((name) => name in kept).map((name) => [name, kept[name]]));
  writeFileSync(FAULTS, `${JSON.stringify(listed, null, 1)}\n`);
  writePage();
}

/** What a person needs to find the mutant, and what still names it when lines move: the text of its line. */
function describe({ location: { start, end }, replacement, mutatorName, status }, lines) {
  // Lines and columns count from 1, and `end` is the place after the last character.
  const covered = lines.slice(start.line - 1, end.line);
  covered[covered.length - 1] = covered.at(-1).slice(0, end.column - 1);
  covered[0] = covered[0].slice(start.column - 1);
  const squeeze = (text) => text.replace(/\s+/g, ' ').trim();
  return {
    line: start.line,
    text: squeeze(lines[start.line - 1]),
    from: shorten(squeeze(covered.join('\n')), squeeze(replacement)),
    to: shorten(squeeze(replacement), squeeze(covered.join('\n'))),
    mutator: mutatorName,
    ...(status === 'NoCoverage' ? { reached: false } : {}),
  };
}

/** Long texts are shown around the place where they differ. */
function shorten(text, other) {
  if (text.length <= 100) return text;
  let at = 0;
  while (at < text.length && text[at] === other[at]) at += 1;
  const from = Math.max(0, at - 40);
  return `${from > 0 ? '…' : ''}${text.slice(from, from + 90)}${from + 90 < text.length ? '…' : ''}`;
}

function wordsOf({ line, from, to, reached }) {
  const code = (text) => (text === '' ? 'nothing' : `\`${text.replaceAll('`', '´')}\``);
  return `:${line} ${code(from)} → ${code(to)}${reached === false ? ' (no test reaches it)' : ''}`;
}

/** The reason why a mutant may go unseen, if one is written down for its file, line of code and change. */
function reasonFor(file, { text, from, to }) {
  return read(ACCEPTED, []).find(
    (each) => each.file === file && each.text === text && each.from === from && each.to === to,
  )?.reason;
}

/** A row for each folder, and one for all of them. */
function rowsOf(results) {
  const folders = new Map();
  for (const [file, result] of Object.entries(results)) {
    const folder = FOLDERS.map((pattern) => pattern.exec(file)?.[0]).find((found) => found !== undefined);
    folders.set(folder, [...(folders.get(folder) ?? []), [file, result]]);
  }
  const strata = new Map([...folders].map(([folder, entries]) => [folder, strataOf(entries)]));
  return [...folders.keys(), 'all']
    .sort((a, b) => (a === 'all') - (b === 'all') || a.localeCompare(b))
    .map((name) => {
      const own = name === 'all' ? [...strata.values()].flat() : strata.get(name);
      const sum = (key) => own.reduce((total, each) => total + each[key], 0);
      const bar = name === 'all' ? OVERALL_BAR : BARS[name];
      const last = own
        .map((each) => each.last)
        .sort()
        .at(-1);
      const seeds = [...new Set(own.flatMap((each) => each.seed ?? []))];
      return [
        name,
        sum('of'),
        sum('planted'),
        seeds.join(', '),
        sum('killed'),
        sum('timedOut'),
        sum('unseen'),
        sum('accepted'),
        percentOf(own, () => 0),
        percentOf(own, ({ accepted }) => accepted),
        bar === undefined ? '' : `≥ ${bar} %`,
        Math.round(sum('seconds')),
        name === 'all' ? '' : last,
      ];
    });
}

/** Files of which every mutant was planted, and those of which a sample was: counted apart. */
function strataOf(entries) {
  const strata = new Map();
  for (const [file, { killed, timedOut, unseen, seconds, date, commit, of, seed }] of entries) {
    const none = { seed, of: 0, planted: 0, killed: 0, timedOut: 0, unseen: 0, accepted: 0, seconds: 0, last: '' };
    const row = strata.get(seed) ?? none;
    const planted = killed + timedOut + unseen.length;
    row.of += of ?? planted;
    row.planted += planted;
    row.killed += killed;
    row.timedOut += timedOut;
    row.unseen += unseen.length;
    row.accepted += unseen.filter((each) => reasonFor(file, each) !== undefined).length;
    row.seconds += seconds;
    if (`${date} ${commit}` > row.last) row.last = `${date} ${commit}`;
    strata.set(seed, row);
  }
  return [...strata.values()].filter(({ planted }) => planted > 0);
}

/**
 * The share that is seen, each stratum by the number of its mutants, with a 95 % interval where one is a sample: Agresti & Coull (1998),
 * and narrower by the share that was drawn.
 */
function percentOf(strata, leftOut) {
  let [share, variance] = [0, 0];
  const weights = strata.map((each) => (each.of * (each.planted - leftOut(each))) / each.planted);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, each] of strata.entries()) {
    const planted = each.planted - leftOut(each);
    const seen = each.killed + each.timedOut;
    share += (weights[i] / total) * (seen / planted || 0);
    const middle = (seen + 2) / (planted + 4);
    variance += (weights[i] / total) ** 2 * ((middle * (1 - middle)) / (planted + 4)) * (1 - each.planted / each.of);
  }
  if (total === 0) return '-';
  const half = 1.96 * Math.sqrt(variance);
  return `${(100 * share).toFixed(1)} %${half === 0 ? '' : ` ± ${(100 * half).toFixed(1)}`}`;
}

const COLUMNS = [
  'folder',
  'mutants',
  'planted',
  'seed of the sample',
  'seen by a test',
  'endless, so ended',
  'unseen',
  'of these accepted',
  'score',
  'score without accepted',
  'bar',
  'seconds',
  'measured',
];

export function writePage() {
  writeFileSync(PAGE, pageOf(read(RESULTS, {}), read(FAULTS, {})));
}

function faultsOf(faults) {
  const entries = Object.entries(faults);
  const unseen = entries.filter(([, { seen }]) => !seen).map(([name]) => `- ${name}\n`);
  const last = entries.map(([, { date, commit }]) => `${date} ${commit}`).sort();
  return `${entries.length - unseen.length} of ${entries.length} seen, of ${read(FAULT_LIST, []).length} in the list (${last.at(-1) ?? 'not measured'}).${unseen.length > 0 ? ' Unseen:\n' : ''}\n${unseen.join('')}`;
}

function pageOf(results, faults) {
  const sections = Object.entries(results)
    .filter(([, { unseen }]) => unseen.length > 0)
    .map(([file, { unseen }]) => {
      const rows = unseen.map((each) => {
        const reason = reasonFor(file, each);
        return `- ${wordsOf(each).slice(1)}${reason === undefined ? '' : `. Accepted: ${reason}`}`;
      });
      return `### ${file}\n${rows.join('\n')}\n`;
    });
  return `# mutation

\`npm run mutation [-- folder]\` plants faults in the sources one at a time (StrykerJS 9.6, TypeScript lines) and runs the test files that reach
each, until one fails. A fault that no test sees is listed below; the score is the share that is seen. What is planted, and why texts with a space in
them are left alone, is said in \`bin/mutation/mutators.mjs\`; reasons for accepted ones stand in \`bench/mutation/accepted.json\`.
A mutant is shown to tests worth 5 s of processor time at most, the most promising first: the score is a lower bound.
Where fewer are planted than there are, they were drawn at random (\`--sample N --seed S\`), and ± is the half-width of a 95 % interval.
\`all\` is of the folders in the table alone: those without a row are not measured.

| ${COLUMNS.join(' | ')} |
| ${COLUMNS.map(() => '---').join(' | ')} |
${rowsOf(results)
  .map((row) => `| ${row.join(' | ')} |`)
  .join('\n')}

## Faults of a person's kind

\`npm run mutation -- --faults\` plants what no operator makes, one at a time (\`bench/mutation/faults.json\`: a wrong column, swapped arguments, a missing
await, a lock not released, a window off by one, a stale cache), and runs test files worth 60 s of processor time, the nearest first.

${faultsOf(faults)}
## Unseen mutants

${sections.join('\n')}`;
}
