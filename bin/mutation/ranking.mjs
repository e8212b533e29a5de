import { basename, dirname } from 'node:path';

/**
 * Which test to show a mutant of a source first: the one that finds most faults a second, by what was seen so far.
 * Before anything was seen, those in the test file of the same name lead, then those of the same folder.
 */
export class Ranking {
  #seen = new Map();

  learn(source, id, found) {
    const record = this.#seen.get(`${source} ${id}`);
    record.runs += 1;
    if (found) record.finds += 1;
  }

  /** Tests by worth, best first; `look(id)` gives file and seconds. */
  order(source, ids, look) {
    const worth = new Map(
      ids.map((id) => {
        const [file, seconds] = look(id);
        const { runs, finds } = this.#record(source, id, file);
        return [id, finds / runs / (seconds + 0.02)];
      }),
    );
    return ids.toSorted((a, b) => worth.get(b) - worth.get(a));
  }

  #record(source, id, file) {
    const key = `${source} ${id}`;
    let record = this.#seen.get(key);
    if (record === undefined) {
      const sameFolder = dirname(file) === `test/${dirname(source)}`;
      const sameName = sameFolder && basename(file).startsWith(`${basename(source, '.ts')}.`);
      record = { runs: 2, finds: sameName ? 1 : sameFolder ? 0.5 : 0.1 };
      this.#seen.set(key, record);
    }
    return record;
  }
}
