import { ShepherdError } from '../core/errors.ts';
import { unknownQuality } from './answers/quality.ts';
import type { BatchPrediction } from './schemas/answer.ts';
import { brief, checked } from '../service/request/checked.ts';
import { InferRequest, NUMERIC_DATATYPES, type InferResponse } from './schemas/openInference.ts';
import { MAX_WINDOWS } from './schemas/request.ts';
import { MAX_HORIZON, type ServedSymbol } from './serving/servedSymbol.ts';

/** The tensors a model answers with, each [windows, horizon]. */
export const OUTPUTS = ['prediction', 'lower', 'upper', 'naive'] as const;
type Output = (typeof OUTPUTS)[number];

/** An inference request past all checking. */
export interface Inference {
  readonly id: string | undefined;
  readonly windows: readonly Float64Array[];
  readonly horizon: number;
  readonly outputs: readonly Output[];
}

const check = checked(InferRequest);

/**
 * Reads a request of the Open Inference Protocol: one tensor `closes`, [windows, values] or [values].
 * @throws ShepherdError INVALID_INPUT.
 */
export function parseInference(body: unknown): Inference {
  const request = check(body);
  // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- exactly one, by the schema
  const input = request.inputs[0]!;
  if (!NUMERIC_DATATYPES.some((datatype) => datatype === input.datatype)) {
    throw invalid(`The datatype is ${brief(input.datatype)}; expected one of ${NUMERIC_DATATYPES.join(', ')}.`);
  }
  const [first, second] = input.shape;
  const [rows, columns] = second === undefined ? [1, first ?? 0] : [first ?? 0, second];
  const flat = input.data.flat();
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
    outputs: readOutputs(request.outputs),
  };
}

function readHorizon(value: unknown = 1): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_HORIZON) return value;
  throw invalid(`The parameter horizon is ${brief(value)}; expected a whole number from 1 to ${MAX_HORIZON}.`);
}

function readOutputs(asked: InferRequest['outputs']): readonly Output[] {
  if (asked === undefined || asked.length === 0) return OUTPUTS;
  return asked.map(({ name }) => {
    const output = OUTPUTS.find((known) => known === name);
    if (output !== undefined) return output;
    throw invalid(`There is no output ${brief(name)}; the outputs are ${OUTPUTS.join(', ')}.`);
  });
}

/** A batch of forecasts as tensors. */
export function toInferResponse(
  served: ServedSymbol,
  { id, horizon, outputs }: Inference,
  batch: BatchPrediction,
): InferResponse {
  const { model, level } = unknownQuality(served);
  return {
    model_name: model.symbol,
    model_version: String(model.version),
    ...(id !== undefined && { id }),
    parameters: { level, trainedTo: model.trainedTo },
    outputs: outputs.map((name) => ({
      name,
      shape: [batch.predictions.length, horizon],
      datatype: 'FP64',
      data: batch.predictions.flatMap(({ forecast, naive }) =>
        forecast.map((day) => (name === 'naive' ? naive : day[name])),
      ),
    })),
  };
}

function invalid(sentence: string): ShepherdError {
  return new ShepherdError('INVALID_INPUT', sentence);
}
