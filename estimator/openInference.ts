import { ShepherdError } from '../core/errors.ts';
import { unknownQuality } from './answers/quality.ts';
import type { BatchPrediction } from './schemas/answer.ts';
import { brief, checked } from '../service/request/checked.ts';
import type { InferBody } from './plugins/inferBodies.ts';
import { InferRequest, OUTPUTS, type InferResponse } from './schemas/openInference.ts';
import { MAX_WINDOWS } from './schemas/request.ts';
import { MAX_HORIZON, type ServedSymbol } from './serving/servedSymbol.ts';
import { isNumericDatatype, NUMERIC_DATATYPES, readTensor, writeTensor } from './tensors.ts';

type Output = (typeof OUTPUTS)[number];

/** An inference request past all checking. */
export interface Inference {
  readonly id: string | undefined;
  readonly windows: readonly Float64Array[];
  readonly horizon: number;
  readonly outputs: readonly AskedOutput[];
}

interface AskedOutput {
  readonly name: Output;
  /** As bytes after the JSON. */
  readonly binary: boolean;
}

const check = checked(InferRequest);

/**
 * Reads a request of the Open Inference Protocol: one tensor `closes`, [windows, values] or [values], as JSON or as bytes.
 * @throws ShepherdError INVALID_INPUT.
 */
export function parseInference({ json, tensors }: InferBody): Inference {
  const request = check(json);
  // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- exactly one, by the schema
  const input = request.inputs[0]!;
  const flat = valuesOf(input, tensors);
  const [first, second] = input.shape;
  const [rows, columns] = second === undefined ? [1, first ?? 0] : [first ?? 0, second];
  if (rows < 1 || rows > MAX_WINDOWS || flat.length !== rows * columns) {
    throw invalid(
      `The tensor has ${flat.length} values and shape [${input.shape.join(', ')}]; expected 1 to ${MAX_WINDOWS} windows and as many values as the shape says.`,
    );
  }
  const values = Float64Array.from(flat, (value, i) => {
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw invalid(`Value ${i + 1} of the tensor is ${brief(value)}; expected a finite number.`);
  });
  return {
    id: request.id,
    windows: Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns)),
    horizon: readHorizon(request.parameters?.['horizon']),
    outputs: readOutputs(request.outputs, request.parameters?.['binary_data_output'] === true),
  };
}

function valuesOf({ datatype, data, parameters }: InferRequest['inputs'][number], tensors: Uint8Array): unknown[] {
  if (!isNumericDatatype(datatype)) {
    throw invalid(`The datatype is ${brief(datatype)}; expected one of ${NUMERIC_DATATYPES.join(', ')}.`);
  }
  const size = parameters?.['binary_data_size'];
  if (size === undefined && tensors.length === 0) {
    if (data === undefined) throw invalid('The tensor has no "data", and no bytes follow the JSON.');
    return data.flat();
  }
  if (data !== undefined) throw invalid('The tensor has both "data" and bytes after the JSON; send one of them.');
  if (size !== tensors.length) {
    throw invalid(`The parameter binary_data_size is ${brief(size)}, and ${tensors.length} bytes follow the JSON.`);
  }
  return readTensor(tensors, datatype);
}

function readHorizon(value: unknown = 1): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_HORIZON) return value;
  throw invalid(`The parameter horizon is ${brief(value)}; expected a whole number from 1 to ${MAX_HORIZON}.`);
}

function readOutputs(asked: InferRequest['outputs'], allBinary: boolean): readonly AskedOutput[] {
  if (asked === undefined || asked.length === 0) return OUTPUTS.map((name) => ({ name, binary: allBinary }));
  return asked.map(({ name, parameters }) => {
    const output = OUTPUTS.find((known) => known === name);
    if (output === undefined)
      throw invalid(`There is no output ${brief(name)}; the outputs are ${OUTPUTS.join(', ')}.`);
    const binary = parameters?.['binary_data'];
    return { name: output, binary: binary === undefined ? allBinary : binary === true };
  });
}

/** An answer of the protocol: its JSON, and the tensors that were asked for as bytes, in the order of the outputs. */
export interface InferAnswer {
  readonly json: InferResponse;
  readonly tensors: readonly Buffer[];
}

/** A batch of forecasts as tensors. */
export function toInferAnswer(
  served: ServedSymbol,
  { id, horizon, outputs }: Inference,
  batch: BatchPrediction,
): InferAnswer {
  const { model, level } = unknownQuality(served);
  const tensors: Buffer[] = [];
  const json = {
    model_name: model.symbol,
    model_version: String(model.version),
    ...(id !== undefined && { id }),
    parameters: { level, trainedTo: model.trainedTo },
    outputs: outputs.map(({ name, binary }) => {
      const shape = [batch.predictions.length, horizon];
      const data = batch.predictions.flatMap(({ forecast, naive }) =>
        forecast.map((day) => (name === 'naive' ? naive : day[name])),
      );
      if (!binary) return { name, shape, datatype: 'FP64', data };
      const bytes = writeTensor(data);
      tensors.push(bytes);
      return { name, shape, datatype: 'FP64', parameters: { binary_data_size: bytes.length } };
    }),
  };
  return { json, tensors };
}

function invalid(sentence: string): ShepherdError {
  return new ShepherdError('INVALID_INPUT', sentence);
}
