// One process under tap: tap queues it, reads its TAP, counts its test points.
// tap's own way of starting a process puts it, and all that it starts, under a loader; DECISIONS.md has what that costs.
import { spawn } from 'node:child_process';
import { Base } from 'tap';

const running = new Set();

/** A process whose own faults (a crash, a hang) become failed test points. `options`: name, args, cwd, limitMs. */
class Process extends Base {
  /** Tests, as tap's `counts`, but a suite is none. */
  tests = { pass: 0, fail: 0, skip: 0, todo: 0 };
  /** Failed test points, with tap's `fullname` and `diag`. */
  failures = [];
  /** What the process said that is not TAP. */
  said = '';
  seconds = 0;
  #child;

  constructor(options) {
    super({ ...options, buffered: true, at: null, stack: '' });
    for (const kind of Object.keys(this.tests)) {
      this.parser.on(kind, (point) => {
        if (kind !== 'pass' || point.diag?.type !== 'suite') this.tests[kind] += 1;
        if (kind === 'fail') this.failures.push(point);
      });
    }
    this.parser.on('extra', (text) => (this.said += text));
  }

  main(done) {
    const { args, cwd, limitMs } = this.options;
    const start = performance.now();
    // In a group of its own, so that what it started ends with it.
    this.#child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    running.add(this);
    this.setTimeout(limitMs);
    this.#child.stdout.setEncoding('utf8').on('data', (text) => this.hear(text));
    this.#child.stderr.setEncoding('utf8').on('data', (text) => (this.said += text));
    this.#child.on('error', (error) => (this.said += `${error.message}\n`));
    this.#child.on('close', (code, signal) => {
      running.delete(this);
      this.setTimeout(0);
      this.seconds = (performance.now() - start) / 1000;
      this.parser.end();
      const fault = this.timedOut ? `not done after ${limitMs / 1000} s` : this.faultOf(code, signal);
      if (fault !== undefined) {
        this.tests.fail += 1;
        this.failures.push({ fullname: `${this.name}: ${fault}` });
      }
      done();
    });
  }

  /** Called by tap when the limit is over. */
  timeout() {
    this.timedOut = true;
    this.kill();
  }

  kill() {
    try {
      process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      this.#child.kill('SIGKILL'); // Windows has no groups; elsewhere the process has gone.
    }
  }
}

export class TestFile extends Process {
  hear(text) {
    this.parser.write(text);
  }

  faultOf(code, signal) {
    if (signal !== null) return `ended by ${signal}`;
    const { ok, planStart, failures } = this.parser;
    if (Object.values(this.tests).every((count) => count === 0)) return `ran no test (exit code ${code})`;
    if (planStart === -1) return `ended with exit code ${code} before its tests did`;
    if (this.failures.length > 0) return undefined;
    if (!ok) return `printed TAP that is not sound: ${JSON.stringify(failures)}`;
    return code === 0 ? undefined : `ended with exit code ${code} though no test failed`;
  }
}

/** A program that is right when it exits with 0, such as lint. It adds no passed test. */
export class Check extends Process {
  hear(text) {
    this.said += text;
  }

  faultOf(code, signal) {
    return code === 0 ? undefined : `ended with ${signal ?? `exit code ${code}`}`;
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    for (const each of running) each.kill();
    process.kill(process.pid, signal);
  });
}
