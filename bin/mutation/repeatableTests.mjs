// Stands in for node:test in a process that runs the same tests many times: node:test runs what is registered once.
import { createRequire, syncBuiltinESMExports } from 'node:module';

const nodeTest = createRequire(import.meta.url)('node:test');
const { mock } = nodeTest;

const HOOKS = ['before', 'after', 'beforeEach', 'afterEach'];

class Suite {
  hooks = { before: [], after: [], beforeEach: [], afterEach: [] };

  constructor(name, parent, skip) {
    this.name = name;
    this.parent = parent;
    this.skip = skip || parent?.skip || false;
    /** From the outermost to this one. */
    this.path = [...(parent?.path ?? []), this];
  }

  get title() {
    return this.path
      .slice(1)
      .map(({ name }) => name)
      .join(' > ');
  }
}

const root = new Suite('', undefined, false);
let current = root;

/** Tests in the order in which they were registered: `{ title, suite, fn, skip, todo }`. */
export const tests = [];

/** To be called before a test file is imported. */
export function standInForNodeTest() {
  nodeTest.test = register;
  nodeTest.it = register;
  nodeTest.describe = describe;
  nodeTest.suite = describe;
  for (const hook of HOOKS) nodeTest[hook] = (fn) => current.hooks[hook].push(fn);
  for (const kind of ['skip', 'todo', 'only']) {
    const also = (call) => (name, options, fn) =>
      call(name, { ...argumentsOf(options, fn).options, [kind]: true }, argumentsOf(options, fn).fn);
    register[kind] = also(register);
    describe[kind] = also(describe);
  }
  syncBuiltinESMExports();
}

function argumentsOf(options, fn) {
  return typeof options === 'function' ? { options: {}, fn: options } : { options: options ?? {}, fn };
}

function register(name, ...rest) {
  const { options, fn } = argumentsOf(...rest);
  const title = [current.title, name].filter((part) => part !== '').join(' > ');
  const skip = Boolean(options.skip || current.skip || fn === undefined);
  tests.push({ title, suite: current, fn, skip, todo: Boolean(options.todo) });
  return Promise.resolve();
}

function describe(name, ...rest) {
  const { options, fn } = argumentsOf(...rest);
  const outer = current;
  current = new Suite(name, outer, Boolean(options.skip));
  try {
    const result = fn?.({ name });
    if (typeof result?.then === 'function') throw new Error('a suite that is a promise');
  } finally {
    current = outer;
  }
  return Promise.resolve();
}

/**
 * Runs tests in the order given, the hooks of their suites around them, until one fails. `around(name, suite, work)` runs
 * each piece. Answers `{ test, error }` of the one that failed, or undefined.
 */
export async function runTests(chosen, around) {
  let entered = [];
  const leave = async (suites) => {
    for (const suite of suites.toReversed()) await runHooks(suite.hooks.after);
  };
  for (const test of chosen) {
    if (test.skip) continue;
    const { path } = test.suite;
    try {
      const shared = entered.findIndex((suite, index) => suite !== path[index]);
      const kept = shared === -1 ? entered.length : shared;
      await leave(entered.slice(kept));
      entered = entered.slice(0, kept);
      for (const suite of path.slice(kept)) {
        entered.push(suite);
        await around(undefined, suite, () => runHooks(suite.hooks.before));
      }
      await around(test, test.suite, () => runTest(test));
    } catch (error) {
      if (test.todo) continue;
      await leave(entered).catch(() => undefined);
      return { test, error };
    }
  }
  try {
    await leave(entered);
  } catch (error) {
    return { test: chosen.at(-1), error };
  }
  return undefined;
}

async function runHooks(hooks, context) {
  for (const hook of hooks) await hook(context);
}

class Skipped extends Error {}

async function runTest({ title, suite, fn }) {
  const context = contextOf(title);
  for (const each of suite.path) await runHooks(each.hooks.beforeEach, context);
  await runWith(context, fn);
  for (const each of suite.path.toReversed()) await runHooks(each.hooks.afterEach, context);
}

async function runWith(context, fn) {
  let failure;
  try {
    if (fn.length > 1)
      await new Promise((resolve, reject) => fn(context, (error) => (error ? reject(error) : resolve())));
    else await fn(context);
    await Promise.all(context.subtests);
  } catch (error) {
    if (!(error instanceof Skipped)) failure = { error };
  }
  for (const hook of context.afters) {
    try {
      await hook(context);
    } catch (error) {
      failure ??= { error };
    }
  }
  mock.restoreAll();
  if (failure !== undefined) throw failure.error;
}

function contextOf(name) {
  const afters = [];
  const subtests = [];
  let before = Promise.resolve();
  return {
    name,
    fullName: name,
    afters,
    subtests,
    mock,
    signal: new AbortController().signal,
    after: (hook) => afters.push(hook),
    diagnostic: () => undefined,
    skip: () => undefined,
    todo: () => undefined,
    // One after the other, as node:test does.
    test(subname, ...rest) {
      const { options, fn } = argumentsOf(...rest);
      if (options.skip || options.todo || fn === undefined) return Promise.resolve();
      before = before.then(() => runWith(contextOf(`${name} > ${subname}`), fn));
      subtests.push(before);
      return before;
    },
  };
}
