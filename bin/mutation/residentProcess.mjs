import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { watchGroup } from './processorTime.mjs';

const here = (name) => join(fileURLToPath(import.meta.url), '..', name);

/** The other end of resident.mjs. */
export class ResidentProcess {
  /** Mutants that were active in it. */
  uses = 0;
  loadHits = {};
  /** Why it could not load its file. */
  failure;
  #child;
  #temporary = mkdtempSync(join(tmpdir(), 'shepherd-mutation-'));
  #server;
  #settle = () => undefined;
  #said = '';
  #ended;

  /** `mutant`: active from the first import on. `server`: the shared database server. */
  static async start({ root, file, mutant, server, coverage = false, cpuSeconds = 60 }) {
    const resident = new ResidentProcess();
    await resident.#load({ root, file, mutant, server, coverage, cpuSeconds });
    return resident;
  }

  async #load({ root, file, mutant, server, coverage, cpuSeconds }) {
    this.#server = server;
    // What a test leaves lying about goes with the folder; only the shared server is seen through it.
    if (server !== undefined) symlinkSync(server.folder, join(this.#temporary, basename(server.folder)));
    const env = {
      ...process.env,
      TMPDIR: this.#temporary,
      NODE_OPTIONS: `--import=${pathToFileURL(here('hook.mjs')).href}`,
      ...(coverage ? { MUTATION_HITS: join(this.#temporary, 'mutation-hits') } : {}),
      ...(mutant === undefined ? {} : { __STRYKER_ACTIVE_MUTANT__: mutant, MUTATION_FROM_START: 'yes' }),
    };
    const built = join('dist', file.replace(/\.ts$/, '.js'));
    const answer = this.#answer(cpuSeconds);
    this.#child = fork(here('resident.mjs'), [built], { cwd: root, env, execArgv: [], detached: true, silent: true });
    this.#child.stdout.resume();
    this.#child.stderr.setEncoding('utf8').on('data', (text) => (this.#said = (this.#said + text).slice(-1000)));
    this.#child.on('message', (message) => {
      this.#settle(message);
    });
    this.#child.on('error', () => undefined);
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
    void this.#ended.then(() => {
      this.#settle({ clean: false, failed: { title: '', message: `the process ended. ${this.#said}` } });
    });
    const { failed, loadHits, hung } = await answer();
    this.loadHits = loadHits ?? {};
    this.failure = failed?.message ?? hung;
  }

  /**
   * Runs tests until one fails: `{ titles?, mutant?, hitLimit?, coverage? }`, `cpuSeconds` is what they take.
   * Answers `{ clean, failed?: { title, message }, hung?, seconds, hits }`; `clean` says that the process can go on.
   */
  async run(request, cpuSeconds) {
    this.uses += request.mutant === undefined ? 0 : 1;
    const answer = this.#answer(cpuSeconds);
    if (this.#child.connected) this.#child.send(request, () => undefined);
    return answer();
  }

  #answer(cpuSeconds) {
    const settled = new Promise((resolve) => (this.#settle = resolve));
    return async () => {
      const stop = watchGroup(this.#child.pid, cpuSeconds, (why) => {
        this.#settle({ clean: false, hung: why });
      });
      try {
        return await settled;
      } finally {
        stop();
      }
    };
  }

  async end() {
    try {
      process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // All of its group have ended.
    }
    await this.#ended;
    await this.#server?.dropDatabasesOf(this.#child.pid);
    rmSync(this.#temporary, { recursive: true, force: true, maxRetries: 3 });
  }
}
