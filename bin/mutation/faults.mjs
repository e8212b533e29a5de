// Faults that no mutation operator makes, planted one at a time from bench/mutation/faults.json: `{ what, file, from, to }`.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { watchGroup } from './processorTime.mjs';
import { keepFaults } from './report.mjs';
import { judgesOf } from './rooms.mjs';
import { TestDatabaseServer } from './testDatabaseServer.mjs';
import { readCosts } from './testRunner.mjs';
import { transpile } from './transpile.mjs';

const LIST = 'bench/mutation/faults.json';
const SANDBOX = join('.mutation', `faults-${process.pid}`);
/** Processor time of a test file that was never measured. */
const USUAL_SECONDS = 20;

/**
 * Plants the faults of files or folders (all when none is named) and runs the test files near each until one fails.
 * Prints a line a fault and "N of M seen"; answers how many were not.
 * @param by test files to judge by, instead of the nearest; then nothing is kept for the page.
 */
export async function plantFaults(asked, by) {
  const all = JSON.parse(readFileSync(LIST, 'utf8'));
  const faults = all.filter(({ file }) => asked.length === 0 || asked.some((part) => file.startsWith(part)));
  makeSandbox();
  // As they are built now, whatever becomes of the sources meanwhile.
  const sources = new Map(faults.map(({ file }) => [file, readFileSync(file, 'utf8')]));
  const server = await TestDatabaseServer.start(resolve(SANDBOX));
  const results = [];
  for (const [i, fault] of faults.entries()) {
    const found = await plant(fault, sources.get(fault.file), by, server);
    results.push({ ...fault, seen: found?.startsWith('seen') === true });
    if (by.length === 0) keepFaults(all, results.slice(-1));
    process.stdout.write(`${i + 1}. ${fault.file}: ${fault.what}: ${found ?? 'UNSEEN'}\n`);
  }
  await server.stop();
  rmSync(SANDBOX, { recursive: true, force: true });
  const seen = results.filter((each) => each.seen).length;
  process.stdout.write(`${seen} of ${faults.length} seen\n`);
  return faults.length - seen;
}

/** What came of one fault; undefined where every test passed. */
async function plant({ file, from, to }, text, by, server) {
  const place = patternOf(from);
  const count = text.match(place)?.length ?? 0;
  if (count !== 1) return `it stands ${count} times in its file, not once`;
  const planted = join(SANDBOX, 'dist', file.replace(/\.ts$/, '.js'));
  const sound = readFileSync(planted);
  const faulty = text.replace(place, () => to); // "$" in it stands for itself
  writeFileSync(planted, transpile(file, faulty));
  try {
    return await firstToFail(by.length > 0 ? by : nearest(file), server);
  } finally {
    writeFileSync(planted, sound);
  }
}

/** However the code is broken into lines. */
function patternOf(code) {
  return new RegExp(code.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+'), 'g');
}

/** Says nothing of the fault: what it is planted in does not even load. */
const NOT_RUN = 'ran no test';

/** The built project beside links to all that it reads. */
function makeSandbox() {
  rmSync(SANDBOX, { recursive: true, force: true });
  mkdirSync(SANDBOX, { recursive: true });
  cpSync('dist', join(SANDBOX, 'dist'), { recursive: true });
  for (const name of readdirSync('.').filter((each) => !['dist', '.mutation', '.git'].includes(each)))
    symlinkSync(resolve(name), join(SANDBOX, name));
}

/** Test files that may judge a source: of its name, of its folder, of the folder above, and so on. */
function nearest(file) {
  const folders = ['test', ...dirname(file).split('/')];
  const rank = (test) => {
    const own = dirname(test).split('/');
    const shared = own.findIndex((folder, i) => folder !== folders[i]);
    const apart = folders.length - (shared === -1 ? own.length : shared);
    return apart === 0 && basename(test).startsWith(`${basename(file, '.ts')}.`) ? -1 : apart;
  };
  return judgesOf([file], 'fault').sort((a, b) => rank(a) - rank(b));
}

/** The first test that fails, by its file and name. */
async function firstToFail(tests, server) {
  for (const test of tests) {
    const failed = await failureOf(test, server);
    if (failed !== undefined) return failed === NOT_RUN ? `${test} ${NOT_RUN}` : `seen by ${test}: ${failed}`;
  }
  return undefined;
}

/** In a temporary folder of its own, in which only the shared database server is seen. */
async function failureOf(test, server) {
  const temporary = mkdtempSync(join(tmpdir(), 'shepherd-fault-'));
  symlinkSync(server.folder, join(temporary, basename(server.folder)));
  const built = join('dist', test.replace(/\.ts$/, '.js'));
  const child = spawn(process.execPath, ['--test-reporter=tap', built], {
    cwd: SANDBOX,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  let stop;
  try {
    return await new Promise((settle) => {
      let said = '';
      stop = watchGroup(child.pid, readCosts()[test] ?? USUAL_SECONDS, (why) => settle(`hangs (${why})`));
      child.stdout.setEncoding('utf8').on('data', (text) => {
        said += text;
        const failed = /^ *not ok \d+ - (?!.*# TODO)(.*)\n/m.exec(said);
        if (failed !== null) settle(failed[1]);
      });
      child.on('close', (code) => {
        const hasRun = /^ *(not )?ok \d+ /m.test(said);
        settle(code === 0 ? undefined : hasRun ? `ended with exit code ${code}` : NOT_RUN);
      });
    });
  } finally {
    stop();
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // All of its group have ended.
    }
    await server.dropDatabasesOf(child.pid);
    rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
  }
}
