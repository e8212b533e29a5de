// A test runner for Stryker. It keeps processes that have a test file loaded and runs of it the tests that reach a
// mutant; DECISIONS.md says what that saves. Stryker's own tap runner starts a process for every file and mutant, counts
// no hits of child processes, and keeps a survivor when a test file has changed, because it knows the file by its name.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { PluginKind, commonTokens, declareClassPlugin, tokens } from '@stryker-mutator/api/plugin';
import { DryRunStatus, MutantRunStatus, TestStatus } from '@stryker-mutator/api/test-runner';
import { closureOf } from './imports.mjs';
import { Ranking } from './ranking.mjs';
import { ResidentProcess } from './residentProcess.mjs';
import { TestDatabaseServer } from './testDatabaseServer.mjs';

/** One mutant is shown to tests worth this much processor time, the most promising first. */
const BUDGET_SECONDS = 5;
const KEPT_PROCESSES = 6;
/** After so many mutants a process is replaced, whatever it may have gathered. */
const USES = 400;

/** Processor seconds of each test file, kept for the next choice of test files. */
const costsFile = () => join(process.env.MUTATION_STATE, 'seconds.json');
export const readCosts = () => (existsSync(costsFile()) ? JSON.parse(readFileSync(costsFile(), 'utf8')) : {});

const idOf = (file, title) => `${file}: ${title}`;

class ResidentTests {
  static inject = tokens(commonTokens.logger);
  #root = process.cwd();
  #log;
  #server;
  #known;
  #ranking = new Ranking();
  /** By test file, the one used last at the end. */
  #residents = new Map();

  constructor(log) {
    this.#log = log;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  /** Runs every file without a mutant: what each test reaches and costs. One that fails here judges no mutant. */
  async dryRun({ testFiles }) {
    const left = testFiles.map((file) => relative(this.#root, file));
    const tests = [];
    const perTest = {};
    const known = { seconds: {}, files: {}, titles: {}, atLoad: {} };
    const costs = readCosts();
    const work = async () => {
      for (let file = left.shift(); file !== undefined; file = left.shift()) {
        const { seconds, hits, loadHits } = await this.#measure(file);
        known.atLoad[file] = Object.keys(loadHits);
        costs[file] = Object.values(seconds).reduce((sum, each) => sum + each, 0);
        const digest = this.#digestOf(file);
        for (const title of Object.keys(hits)) {
          const id = idOf(file, title);
          known.files[id] = file;
          known.titles[id] = title;
          known.seconds[id] = seconds[title];
          perTest[id] = { ...loadHits };
          for (const [mutant, count] of Object.entries(hits[title]))
            perTest[id][mutant] = (perTest[id][mutant] ?? 0) + count;
          tests.push({
            id,
            // A test in a file that has changed is another one: no result is kept over the change.
            name: `${id} ${digest}`,
            fileName: join(this.#root, file),
            timeSpentMs: Math.round(seconds[title] * 1000),
            status: TestStatus.Success,
          });
        }
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work));
    writeFileSync('known.json', JSON.stringify(known));
    writeFileSync(costsFile(), JSON.stringify(costs));
    return { status: DryRunStatus.Complete, tests, mutantCoverage: { static: {}, perTest } };
  }

  /** Tests that pass without a mutant, each with its seconds and hits. */
  async #measure(file) {
    const resident = await this.#start({ file, coverage: true });
    const total = { seconds: {}, hits: {}, loadHits: resident.loadHits };
    try {
      if (resident.failure !== undefined) {
        this.#log.warn('%s judges no mutant: %s', file, resident.failure);
        return total;
      }
      const { seconds, hits, failed, hung } = await resident.run({ coverage: true }, 300);
      if (failed ?? hung)
        this.#log.warn('%s judges less, without a mutant: %s', file, hung ?? Object.values(failed).join(': '));
      return { ...total, seconds: seconds ?? {}, hits: hits ?? {} };
    } finally {
      await resident.end();
    }
  }

  async mutantRun({ activeMutant, sandboxFileName, hitLimit, testFilter }) {
    this.#known ??= JSON.parse(readFileSync('known.json', 'utf8'));
    const source = relative(this.#root, sandboxFileName);
    let nrOfTests = 0;
    for (const [file, chosen] of this.#chosen(source, testFilter)) {
      const titles = chosen.map((id) => this.#known.titles[id]);
      const seconds = chosen.reduce((sum, id) => sum + this.#known.seconds[id], 0);
      const fromStart = this.#known.atLoad[file].includes(activeMutant.id);
      const request = { titles, mutant: activeMutant.id, hitLimit };
      const { failed, hung } = await this.#judge(file, request, seconds, fromStart);
      const killer = failed && idOf(file, failed.title);
      const ran = killer === undefined ? chosen.length : Math.max(0, chosen.indexOf(killer)) + 1;
      nrOfTests += ran;
      for (const id of chosen.slice(0, ran)) this.#ranking.learn(source, id, id === killer);
      if (hung !== undefined || failed?.message.includes('Hit count limit reached'))
        return { status: MutantRunStatus.Timeout, reason: hung ?? 'a loop without end' };
      if (failed !== undefined) {
        const killedBy = [killer in this.#known.files ? killer : chosen[0]];
        return { status: MutantRunStatus.Killed, killedBy, failureMessage: failed.message, nrOfTests };
      }
    }
    return { status: MutantRunStatus.Survived, nrOfTests };
  }

  async #judge(file, request, seconds, fromStart) {
    if (fromStart) {
      const resident = await this.#start({ file, mutant: request.mutant });
      try {
        const { failure } = resident;
        return failure === undefined
          ? await resident.run(request, seconds)
          : { failed: { title: '', message: failure } };
      } finally {
        await resident.end();
      }
    }
    let resident = await this.#resident(file);
    const used = resident.uses > 0;
    let answer = await resident.run(request, seconds);
    if (!answer.clean) await this.#drop(file);
    if (!answer.clean && used) {
      // It failed where something of an earlier mutant may have been left: asked again where there was none.
      resident = await this.#resident(file);
      answer = await resident.run(request, seconds);
      if (!answer.clean) await this.#drop(file);
    }
    return answer;
  }

  /** Test files with the tests to run, in this order, within the budget. */
  #chosen(source, ids) {
    const { seconds, files } = this.#known;
    const ordered = this.#ranking.order(source, ids, (id) => [files[id], seconds[id]]);
    let spent = 0;
    const within = ordered.filter((id, index) => (spent += seconds[id]) <= BUDGET_SECONDS || index === 0);
    const byFile = new Map();
    for (const id of within) byFile.set(files[id], [...(byFile.get(files[id]) ?? []), id]);
    return byFile;
  }

  async #resident(file) {
    let resident = this.#residents.get(file);
    if (resident !== undefined && resident.uses >= USES) {
      await this.#drop(file);
      resident = undefined;
    }
    this.#residents.delete(file);
    if (resident === undefined && this.#residents.size >= KEPT_PROCESSES)
      await this.#drop([...this.#residents.keys()][0]);
    resident ??= await this.#start({ file });
    this.#residents.set(file, resident);
    return resident;
  }

  async #drop(file) {
    const resident = this.#residents.get(file);
    this.#residents.delete(file);
    await resident?.end();
  }

  async #start(settings) {
    const database = join(this.#root, 'dist', 'lab', 'database.js');
    if (this.#closureOf(settings.file).includes(database)) {
      this.#server ??= TestDatabaseServer.start(this.#root);
      return ResidentProcess.start({ root: this.#root, server: await this.#server, ...settings });
    }
    return ResidentProcess.start({ root: this.#root, ...settings });
  }

  #closureOf(file) {
    return [...closureOf(join(this.#root, 'dist', file.replace(/\.ts$/, '.js'))).keys()];
  }

  /** Of a test file and what it imports beside the sources. */
  #digestOf(file) {
    const own = this.#closureOf(file).filter((each) => /^dist\/(test|lab)\//.test(relative(this.#root, each)));
    const hash = createHash('sha256');
    for (const each of own.sort()) hash.update(readFileSync(each));
    return hash.digest('hex').slice(0, 12);
  }

  async dispose() {
    for (const file of [...this.#residents.keys()]) await this.#drop(file);
    await (await this.#server)?.stop();
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'resident-tests', ResidentTests)];
