import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GrowingTree } from '../../../core/record/merkle.ts';
import { leafHash, WholeTree } from '../../../lab/merkleProofs.ts';

/** The reference tree of Certificate Transparency's own tests: its leaves, and its root at each size. */
const LEAVES = ['', '\0', '\x10', ' !', '01', '@ABC', 'PQRSTUVW', '`abcdefghijklmno'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('a growing tree has the roots of the reference tree at every size', () => {
  const tree = new GrowingTree();
  const roots = LEAVES.map((text) => {
    tree.append(leafHash(text));
    return hex(tree.root);
  });
  assert.deepEqual(roots, ROOTS);
  assert.equal(hex(new GrowingTree().root), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test('a tree goes on from its frontier as if it had never stopped, and has one root however it is held', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 0, max: 69 }), (size, stop) => {
      const leaves = Array.from({ length: size }, (_, i) => leafHash(String(i)));
      let tree = new GrowingTree();
      for (const [i, leaf] of leaves.entries()) {
        if (i === stop) tree = new GrowingTree(tree.size, tree.frontier);
        tree.append(leaf);
      }
      assert.equal(hex(tree.root), hex(new WholeTree(leaves).root(size)));
    }),
    { seed: 62, numRuns: 200 },
  );
  assert.throws(() => new GrowingTree(3, new Uint8Array(32)), RangeError);
});
