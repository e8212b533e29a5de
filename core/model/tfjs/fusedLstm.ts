import { customGrad, reshape, slice, tensor, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { layers, type layers as Layers } from '@tensorflow/tfjs-layers';
import { layerGradients, layerOutputs, type LayerShape, type LayerWeights } from '../kernel/layer.ts';

type LstmArguments = Parameters<typeof Layers.lstm>[0];
type Layer = ReturnType<typeof Layers.lstm>;

/**
 * tfjs's own LSTM layer with its arithmetic done by the kernel, forward and backward over all steps in one call each. Weights,
 * configuration and saved form are the stock layer's, so a saved model is a plain `LSTM` to any reader. Works on every tfjs
 * backend: numbers go through main memory. Masks, given states and dropout inside the cell are left to the stock layer.
 * @param args as of `layers.lstm`; gates are sigmoid and the cell tanh.
 */
export function fusedLstm(args: LstmArguments): Layer {
  const layer = layers.lstm({ ...args, activation: 'tanh', recurrentActivation: 'sigmoid' });
  const stock = layer.call.bind(layer);
  const whole = (args.dropout ?? 0) === 0 && (args.recurrentDropout ?? 0) === 0 && args.goBackwards !== true;
  layer.call = (inputs, kwargs) => {
    const [input, ...more] = Array.isArray(inputs) ? inputs : [inputs];
    const special = kwargs['mask'] instanceof Object || kwargs['initialState'] instanceof Object;
    const [kernel, recurrentKernel, bias] = layer.getWeights();
    const plain = whole && !special && args.returnState !== true && input !== undefined && more.length === 0;
    if (!plain || !kernel || !recurrentKernel || !bias) return stock(inputs, kwargs);
    const outputs = fusedSequence(input as Tensor3D, kernel, recurrentKernel, bias); // an LSTM's input has rank 3
    if (args.returnSequences === true) return outputs;
    const [batch, steps, units] = outputs.shape;
    return reshape(slice(outputs, [0, steps - 1, 0], [batch, 1, units]), [batch, units]);
  };
  return layer;
}

/** Outputs at all steps (batch × steps × units) as a differentiable operation of tfjs. */
export function fusedSequence(input: Tensor3D, kernel: Tensor, recurrentKernel: Tensor, bias: Tensor): Tensor3D {
  const [batch, steps, inputs] = input.shape;
  const units = recurrentKernel.shape[0];
  const shape: LayerShape = { batch, steps, inputs, units };
  const operation = customGrad((...parts) => {
    // tfjs hands the tensors over with a function that keeps them for the gradient.
    const [x, k, r, b, save] = parts as unknown as [Tensor, Tensor, Tensor, Tensor, (tensors: Tensor[]) => void];
    save([x, k, r, b]);
    const values = layerOutputs(shape, read(k, r, b), floats(x));
    return {
      value: tensor(values, [batch, steps, units]),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [sx, sk, sr, sb] = saved as [Tensor, Tensor, Tensor, Tensor]; // as saved above
        const gradients = layerGradients(shape, read(sk, sr, sb), floats(sx), floats(dy));
        return [
          tensor(gradients.input, sx.shape),
          tensor(gradients.kernel, sk.shape),
          tensor(gradients.recurrentKernel, sr.shape),
          tensor(gradients.bias, sb.shape),
        ];
      },
    };
  });
  return operation(input, kernel, recurrentKernel, bias) as Tensor3D; // its value's shape is given above
}

const floats = (source: Tensor): Float32Array => source.dataSync<'float32'>();

function read(kernel: Tensor, recurrentKernel: Tensor, bias: Tensor): LayerWeights {
  return { kernel: floats(kernel), recurrentKernel: floats(recurrentKernel), bias: floats(bias) };
}
