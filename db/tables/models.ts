import { ShepherdError } from '../../core/errors.ts';
import type { Calibration } from '../../core/forecast/calibration.ts';
import type { ForecastQuality } from '../../core/forecast/quality.ts';
import type { FeatureScale } from '../../core/model/network.ts';
import type { ModelSpec } from '../../core/model/spec.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { GoldenQuery } from '../../core/cycle/completeArm.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import type { RunId } from '../../core/runId.ts';
import type { Client } from '../connection/client.ts';
import { oneRow } from '../connection/oneRow.ts';

export type ModelArm = 'from-scratch' | 'fine-tuned' | 'imported';

/** How a model came about, beside its data, spec and seed. */
export interface TrainingRecord {
  readonly validationDays: number;
  readonly backend: string;
  readonly epochs: number;
  /** Epoch whose weights were kept; 0: those it began with. */
  readonly bestEpoch: number;
  readonly validationLoss: number | null;
  readonly seconds: number;
}

/** What is known of a model beside its weights. */
export interface ModelRecord {
  readonly version: ModelVersion;
  readonly symbol: SeriesSymbol;
  readonly runId: RunId | null;
  readonly arm: ModelArm;
  /** The model it was fine-tuned from. */
  readonly parent: ModelVersion | null;
  readonly spec: ModelSpec;
  readonly scale: FeatureScale;
  readonly seed: number;
  /** Hex digest over topology and weights. */
  readonly sha256: string;
  /** First and last day of its snapshot, and the snapshot's digest. */
  readonly trainedFrom: TradingDay;
  readonly trainedTo: TradingDay;
  readonly dataDigest: string;
  readonly training: TrainingRecord;
  readonly calibration: Calibration;
  /** One day ahead over the days held out from its training. */
  readonly holdout: ForecastQuality;
  readonly golden: GoldenQuery;
  readonly createdAt: string;
}

/** A model whole, as it is served or fine-tuned. */
export interface StoredModel extends ModelRecord {
  /** tfjs LayersModel topology, JSON. */
  readonly topology: string;
  /** Weights as tfjs stores them; a view with an offset of its own, so copy before reading it as floats. */
  readonly weights: Uint8Array;
}

/** A model to store. */
export type NewModel = Omit<StoredModel, 'version' | 'createdAt'>;

/** The columns of a `ModelRecord` from a table or alias `m`. */
export const MODEL_COLUMNS = `m.version, m.symbol, m.run_id AS "runId", m.arm, m.parent, m.spec, m.scale, m.seed::float8 AS seed,
  m.sha256, m.trained_from AS "trainedFrom", m.trained_to AS "trainedTo", m.data_digest AS "dataDigest",
  m.training, m.calibration, m.holdout, m.golden, m.created_at AS "createdAt"`;

/** Stores a model and answers its version. Versions count up over all series; a stored model is never changed. */
export async function saveModel(client: Client, model: NewModel): Promise<ModelVersion> {
  const { version } = oneRow(
    await client.query<{ version: ModelVersion }>(
      `INSERT INTO models (symbol, run_id, arm, parent, spec, scale, seed, topology, weights, sha256, trained_from, trained_to,
       data_digest, training, calibration, holdout, golden)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) RETURNING version`,
      [
        model.symbol,
        model.runId,
        model.arm,
        model.parent,
        JSON.stringify(model.spec),
        JSON.stringify(model.scale),
        model.seed,
        model.topology,
        Buffer.from(model.weights.buffer, model.weights.byteOffset, model.weights.byteLength),
        model.sha256,
        model.trainedFrom,
        model.trainedTo,
        model.dataDigest,
        JSON.stringify(model.training),
        JSON.stringify(model.calibration),
        JSON.stringify(model.holdout),
        JSON.stringify(model.golden),
      ],
    ),
  );
  return version;
}

/** @throws ShepherdError UNKNOWN_VERSION. */
export async function getModel(client: Client, version: ModelVersion): Promise<StoredModel> {
  const [model] = await client.query<StoredModel>(
    `SELECT ${MODEL_COLUMNS}, m.topology, m.weights FROM models AS m WHERE version = $1`,
    [version],
  );
  if (model === undefined) throw new ShepherdError('UNKNOWN_VERSION', `There is no model of version ${version}.`);
  return model;
}

/** The models of a series without their weights, the newest first. */
export function listModels(client: Client, symbol: SeriesSymbol): Promise<ModelRecord[]> {
  return client.query<ModelRecord>(`SELECT ${MODEL_COLUMNS} FROM models AS m WHERE symbol = $1 ORDER BY version DESC`, [
    symbol,
  ]);
}
