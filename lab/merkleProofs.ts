import { createHash } from 'node:crypto';
import { nodeHash, type TreeHash } from '../core/record/merkle.ts';

/** The hash of a leaf (RFC 6962, section 2.1), as the database makes it. */
export function leafHash(text: string): TreeHash {
  return createHash('sha256').update(Uint8Array.of(0)).update(text, 'utf8').digest();
}

/** A whole tree in memory, for proofs: inclusion and consistency as RFC 6962, sections 2.1.1 and 2.1.2. */
export class WholeTree {
  /** By height: the roots of the complete subtrees of 2^height leaves, from the left. */
  readonly #levels: readonly (readonly TreeHash[])[];

  constructor(leaves: readonly TreeHash[]) {
    const levels: (readonly TreeHash[])[] = [leaves];
    for (let level = leaves; level.length > 1;) {
      const above: TreeHash[] = [];
      for (const [i, right] of level.entries()) {
        const left = level[i - 1];
        if (i % 2 === 1 && left !== undefined) above.push(nodeHash(left, right));
      }
      levels.push((level = above));
    }
    this.#levels = levels;
  }

  /** Of the tree over the first `size` leaves, at least one. */
  root(size: number): TreeHash {
    return this.#rootOf(0, size);
  }

  /** That the leaf at `position` is in the tree over the first `size`: the hashes beside its way up, the lowest first. */
  proveInclusion(position: number, size: number): TreeHash[] {
    return this.#beside(position, 0, size);
  }

  /** That the tree over the first `before` leaves, at least one, is the beginning of that over the first `size`. */
  proveConsistency(before: number, size: number): TreeHash[] {
    return this.#between(before, 0, size, true);
  }

  #rootOf(from: number, to: number): TreeHash {
    const size = to - from;
    const height = Math.log2(size);
    const known = Number.isInteger(height) ? this.#levels[height]?.[from / size] : undefined;
    if (known !== undefined) return known;
    if (size <= 1) throw new RangeError(`The tree has no leaf ${from}.`);
    const split = from + largestPowerBelow(size);
    return nodeHash(this.#rootOf(from, split), this.#rootOf(split, to));
  }

  #beside(position: number, from: number, to: number): TreeHash[] {
    if (to - from <= 1) return [];
    const split = from + largestPowerBelow(to - from);
    return position < split
      ? [...this.#beside(position, from, split), this.#rootOf(split, to)]
      : [...this.#beside(position, split, to), this.#rootOf(from, split)];
  }

  #between(before: number, from: number, to: number, isWhole: boolean): TreeHash[] {
    if (before === to) return isWhole ? [] : [this.#rootOf(from, to)];
    const split = from + largestPowerBelow(to - from);
    return before <= split
      ? [...this.#between(before, from, split, isWhole), this.#rootOf(split, to)]
      : [...this.#between(before, split, to, false), this.#rootOf(from, split)];
  }
}

function largestPowerBelow(n: number): number {
  return 2 ** (Math.ceil(Math.log2(n)) - 1);
}
