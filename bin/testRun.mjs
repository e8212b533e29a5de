import { t } from 'tap';
import { stringify } from 'yaml';

/**
 * Runs processes (`[TestFile | Check, options]`), `jobs` at a time and in the order given. Prints a line for each as it
 * ends, every failure in full, and last "N passed, N failed[, N skipped]". Calls `onEnd(name, seconds)` for each.
 * Answers the exit code: 0 only when tests passed and none failed.
 */
export async function runTests(processes, { jobs, onEnd = () => undefined }) {
  t.register();
  t.resume();
  t.setTimeout(0);
  t.jobs = jobs;
  const count = { pass: 0, fail: 0, skip: 0, todo: 0 };
  t.on('subtestEnd', (each) => {
    process.stdout.write(reportOf(each));
    onEnd(each.name, each.seconds);
    for (const kind of Object.keys(count)) count[kind] += each.tests[kind];
  });
  await Promise.all(processes.map(([Kind, options]) => t.sub(Kind, options)));
  const skipped = count.skip + count.todo;
  process.stdout.write(`${count.pass} passed, ${count.fail} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  return count.pass > 0 && count.fail === 0 ? 0 : 1;
}

function reportOf({ name, tests, failures, said, seconds }) {
  const ok = failures.length === 0;
  const facts = ['pass', 'fail', 'skip', 'todo'].filter((kind) => tests[kind] > 0);
  const words = [...facts.map((kind) => `${tests[kind]} ${kind}`), `${seconds.toFixed(1)} s`].join(', ');
  const details = failures.map(
    ({ fullname, diag }) => `  ✖ ${fullname}\n${diag ? indent(stringify(diag, { lineWidth: 0 }), '      ') : ''}`,
  );
  const output = ok || said.trim() === '' ? '' : indent(`${said.trimEnd()}\n`, '  | ');
  return `${ok ? '✔' : '✖'} ${name} (${words})\n${details.join('')}${output}`;
}

function indent(text, by) {
  return text.replace(/^(?=.)/gm, by);
}
