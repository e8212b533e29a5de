import { createHash } from 'node:crypto';

/** A hash of the tree: SHA-256, 32 bytes. */
export type TreeHash = Uint8Array;

const sha256 = (...parts: readonly Uint8Array[]): TreeHash => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const NODE = Uint8Array.of(1);

export function nodeHash(left: TreeHash, right: TreeHash): TreeHash {
  return sha256(NODE, left, right);
}

/**
 * A tree that only grows, held by the roots of its complete subtrees alone, largest first: one for each bit of its size.
 * It gives the root at every size it passes, and needs no leaf again.
 */
export class GrowingTree {
  #size: number;
  readonly #roots: TreeHash[];

  /** @param frontier the roots of a tree of `size` leaves, as `frontier` gives them. @throws RangeError where they do not fit. */
  constructor(size = 0, frontier: Uint8Array = new Uint8Array()) {
    const bits = size.toString(2).replaceAll('0', '').length;
    if (!Number.isSafeInteger(size) || size < 0 || frontier.length !== 32 * bits) {
      throw new RangeError(`A tree of ${size} leaves has ${bits} complete subtrees, not ${frontier.length / 32}.`);
    }
    this.#size = size;
    this.#roots = Array.from({ length: bits }, (_, i) => frontier.slice(32 * i, 32 * i + 32));
  }

  get size(): number {
    return this.#size;
  }

  get frontier(): Uint8Array {
    return Buffer.concat(this.#roots);
  }

  append(leaf: TreeHash): void {
    let grown = leaf;
    // Each low bit that is set is a complete subtree as large as the one that has just become whole.
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      const left = this.#roots.pop();
      if (left === undefined) throw new Error('A tree has a root for each bit of its size.');
      grown = nodeHash(left, grown);
    }
    this.#roots.push(grown);
    this.#size += 1;
  }

  get root(): TreeHash {
    const [last, ...before] = this.#roots.toReversed();
    return last === undefined ? sha256() : before.reduce((right, left) => nodeHash(left, right), last);
  }
}
