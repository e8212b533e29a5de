interface TestHooks {
  after(work: () => Promise<void> | void): void;
}

/** Hooks like the test's own, but what was set up last is taken down first, so that no service outlives its database. */
export function lastFirst(t: TestHooks): TestHooks {
  const works: (() => Promise<void> | void)[] = [];
  t.after(async () => {
    for (const work of works.reverse()) await work();
  });
  return { after: (work) => void works.push(work) };
}
