// A process that loads one test file and then runs its tests as often as asked, with one mutant after the other:
// starting a process costs more than most tests. `resident.mjs FILE`, over IPC; see residentProcess.mjs.
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runTests, standInForNodeTest, tests } from './repeatableTests.mjs';

const ACTIVE = '__STRYKER_ACTIVE_MUTANT__';
const state = globalThis.__stryker__;
const hitsFolder = process.env.MUTATION_HITS;

let fail = () => undefined;
let stray = false;
const strayError = (error) => {
  stray = true;
  fail(error);
};
process.on('uncaughtException', strayError);
process.on('unhandledRejection', strayError);

/** Own processor time and that of children that have ended, in seconds. */
function cpuSeconds() {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1).split(' ');
    const children = (Number(fields[13]) + Number(fields[14])) / 100;
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6 + children;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }
}

/** Of child processes and threads, which write them there. */
function hitsOfOthers() {
  const hits = {};
  if (hitsFolder === undefined) return hits;
  for (const name of readdirSync(hitsFolder)) {
    addHits(hits, JSON.parse(readFileSync(join(hitsFolder, name), 'utf8')));
    rmSync(join(hitsFolder, name));
  }
  return hits;
}

/** Since it was asked last. */
function takeHits() {
  const hits = {};
  for (const [id, count] of state.counts.entries()) if (count > 0) hits[id] = count;
  state.counts.fill(0);
  addHits(hits, hitsOfOthers());
  return hits;
}

function addHits(total, more) {
  for (const [id, count] of Object.entries(more)) total[id] = (total[id] ?? 0) + count;
}

const pause = (ms) => new Promise((go) => setTimeout(go, ms));

/** A promise that nothing is left to settle: node:test would see the process end. */
function watchForNothing(reject) {
  const idle = process.getActiveResourcesInfo().length;
  let times = 0;
  const timer = setInterval(() => {
    times = process.getActiveResourcesInfo().length <= idle ? times + 1 : 0;
    // For ten seconds: a query on a busy machine looks the same.
    if (times > 50) reject(new Error('waits for a promise that nothing is left to settle'));
  }, 200).unref();
  return () => {
    clearInterval(timer);
  };
}

const suiteHits = new Map();
const suiteSeconds = new Map();

async function run({ titles, mutant, hitLimit, coverage }) {
  const chosen = titles === undefined ? tests : titles.map((title) => byTitle.get(title));
  if (mutant !== undefined) activate(mutant, hitLimit);
  stray = false;
  const seconds = {};
  const hits = {};
  const failed = await runTests(chosen, async (test, suite, work) => {
    const start = cpuSeconds();
    await guarded(work);
    const took = cpuSeconds() - start;
    // Whoever runs one test of a suite pays for what stands before it.
    if (test === undefined) suiteSeconds.set(suite, took);
    else seconds[test.title] = suite.path.reduce((sum, each) => sum + (suiteSeconds.get(each) ?? 0), took);
    if (!coverage) return;
    if (hitsFolder !== undefined && readdirSync(hitsFolder).length > 0) await pause(400);
    const taken = takeHits();
    if (test === undefined) suiteHits.set(suite, taken);
    else {
      for (const each of suite.path) addHits(taken, suiteHits.get(each) ?? {});
      hits[test.title] = taken;
    }
  });
  if (failed === undefined) return { seconds, hits, clean: !stray };
  const message = `${failed.error?.message ?? failed.error}`;
  let clean = !stray;
  if (mutant !== undefined && clean) {
    // Is it this mutant, or something that an earlier one has left behind?
    activate(undefined);
    clean = (await runTests([failed.test], (_test, _suite, work) => guarded(work))) === undefined && !stray;
  }
  return { seconds, hits, clean, failed: { title: failed.test.title, message } };
}

async function guarded(work) {
  let stop;
  const broken = new Promise((_go, reject) => {
    fail = reject;
    stop = watchForNothing(reject);
  });
  broken.catch(() => undefined);
  try {
    await Promise.race([work(), broken]);
  } finally {
    stop();
    fail = () => undefined;
  }
}

function activate(mutant, hitLimit) {
  state.active = Number(mutant ?? -1);
  process.env[ACTIVE] = mutant ?? ''; // for threads and child processes
  state.hitCount = 0;
  state.hitLimit = hitLimit ?? Infinity;
}

const byTitle = new Map();
standInForNodeTest();
if (hitsFolder !== undefined) mkdirSync(hitsFolder, { recursive: true });
state.counting = hitsFolder !== undefined;
try {
  await import(pathToFileURL(resolve(process.argv[2])).href);
  for (const test of tests) {
    for (let count = 2; byTitle.has(test.title); count += 1) test.title = `${test.title} (${count})`;
    byTitle.set(test.title, test);
  }
  const loadHits = state.counting ? takeHits() : {};
  process.on('message', (request) => {
    void run(request)
      .catch((error) => ({ clean: false, failed: { title: '', message: String(error?.stack ?? error) } }))
      .then((answer) => {
        if (process.env.MUTATION_FROM_START === undefined) activate(undefined);
        process.send(answer);
      });
  });
  process.send({ loaded: true, loadHits });
} catch (error) {
  process.send({ failed: { title: '', message: String(error?.message ?? error) } });
}
process.on('disconnect', () => process.exit());
