// The exports are the operations of `Kernel` in ../kernel.ts, which states shapes, layout and formulas; ../simd.ts names their operands.
export { lstmBackward, lstmForward } from './lstm';
export { multiplyAdd } from './madd';
export { addOuter } from './outer';
export { affine, transpose } from './product';
export { lstmRow, rowAffine } from './row';
export { adam, dropout, sumSquares } from './elementwise';
