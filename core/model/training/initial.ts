import type { RandomSource } from '../../random.ts';
import { layoutOf, sizeOf, toParameters, weightShapes } from '../layout.ts';
import type { ModelSpec } from '../spec.ts';

/**
 * Parameters to start from: uniform after Glorot & Bengio (2010) for both kernels of an LSTM, forget bias 1 (Jozefowicz et al. 2015),
 * and a head of zeros, which answers the volatility anchor itself.
 */
export function initialParameters(spec: ModelSpec, random: RandomSource): Float32Array {
  const weights = weightShapes(spec).map(({ name, shape }) => {
    const values = new Float32Array(sizeOf(shape));
    if (name.startsWith('lstm') && shape.length === 2) {
      const [rows, columns] = shape;
      const limit = Math.sqrt(6 / (rows + columns));
      for (let k = 0; k < values.length; k += 1) values[k] = limit * (2 * random() - 1);
    } else if (name.startsWith('lstm')) {
      values.fill(1, values.length / 4, values.length / 2);
    }
    return { name, shape, values };
  });
  return toParameters(layoutOf(spec), weights);
}
