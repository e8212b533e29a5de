// The exports are the operations of `Kernel` in ../kernel.ts, which states shapes, layout and formulas.
export { lstmBackward, lstmForward } from './lstm';
export { addOuter, addRows, affine, transpose } from './matrix';
export { adam, dropout, sumSquares } from './elementwise';
