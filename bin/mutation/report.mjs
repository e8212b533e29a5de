import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';

const RESULTS = 'bench/mutation/results.json';
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

/** Keeps the results of one room, writes the page anew, and answers what to print. */
export function report({ room, files, mutants, seconds, commit }) {
  const gone = ([file]) => dirname(file) === room && !existsSync(file);
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

function rowsOf(results) {
  const folders = new Map();
  for (const [file, { killed, timedOut, unseen, seconds, date, commit }] of Object.entries(results)) {
    const folder = FOLDERS.map((pattern) => pattern.exec(file)?.[0]).find((found) => found !== undefined);
    for (const name of [folder, 'all']) {
      const row = folders.get(name) ?? { killed: 0, timedOut: 0, unseen: 0, accepted: 0, seconds: 0, last: '' };
      row.killed += killed;
      row.timedOut += timedOut;
      row.unseen += unseen.length;
      row.accepted += unseen.filter((each) => reasonFor(file, each) !== undefined).length;
      row.seconds += seconds;
      if (`${date} ${commit}` > row.last) row.last = `${date} ${commit}`;
      folders.set(name, row);
    }
  }
  return [...folders]
    .sort(([a], [b]) => (a === 'all') - (b === 'all') || a.localeCompare(b))
    .map(([name, { killed, timedOut, unseen, accepted, seconds, last }]) => {
      const seen = killed + timedOut;
      const percent = (of) => (of === 0 ? '-' : `${((100 * seen) / of).toFixed(1)} %`);
      const bar = name === 'all' ? OVERALL_BAR : BARS[name];
      return [
        name,
        seen + unseen,
        killed,
        timedOut,
        unseen,
        accepted,
        percent(seen + unseen),
        percent(seen + unseen - accepted),
        bar === undefined ? '' : `≥ ${bar} %`,
        Math.round(seconds),
        name === 'all' ? '' : last,
      ];
    });
}

const COLUMNS = [
  'folder',
  'mutants',
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
  writeFileSync(PAGE, pageOf(read(RESULTS, {})));
}

function pageOf(results) {
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

| ${COLUMNS.join(' | ')} |
| ${COLUMNS.map(() => '---').join(' | ')} |
${rowsOf(results)
  .map((row) => `| ${row.join(' | ')} |`)
  .join('\n')}

## Unseen

${sections.join('\n')}`;
}
