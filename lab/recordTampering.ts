import { createRandom } from '../core/random.ts';
import type { Client } from '../db/connection/client.ts';

/** One way to falsify a sealed record, drawn by a seed; `apply` works as a superuser, past every trigger, in the caller's transaction. */
export interface Tampering {
  readonly name: string;
  apply(client: Client): Promise<void>;
}

/** Columns that are part of what is sealed, with an SQL expression that makes them another value. */
const COLUMNS: readonly (readonly [table: string, key: string, column: string, value: string])[] = [
  ['events', 'id', 'at', `at + interval '1 microsecond'`],
  ['events', 'id', 'run_id', 'coalesce(run_id, 0) + 1'],
  ['events', 'id', 'symbol', `coalesce(symbol, '') || 'X'`],
  ['events', 'id', 'kind', `kind || 'X'`],
  ['events', 'id', 'payload', `payload || '{"added": 1}'`],
  ['events', 'id', 'sentence', `sentence || ' '`],
  ['promotions', 'id', 'at', `at - interval '1 day'`],
  ['promotions', 'id', 'reason', `reason || '.'`],
  ['promotions', 'id', 'by', `coalesce(by, '') || 'x'`],
  ['promotions', 'id', 'evidence', `evidence || '{"e": 1}'`],
  ['decisions', 'id', 'verdict', `verdict || 'x'`],
  ['decisions', 'id', 'report', `report || '{"p": 0.05}'`],
  ['decisions', 'id', 'day', 'day - 1'],
  ['models', 'version', 'sha256', 'reverse(sha256)'],
  ['models', 'version', 'data_digest', `data_digest || '0'`],
  ['models', 'version', 'seed', 'seed + 1'],
];
const TABLES = [
  ['events', 'id'],
  ['promotions', 'id'],
  ['decisions', 'id'],
  ['snapshots', 'data_digest'],
] as const;

/** Draws a falsification: `n` counts them up. */
export function drawTampering(seed: number, n: number): Tampering {
  const random = createRandom(seed * 100_003 + n);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T; // never empty here
  const place = random();
  const row = (table: string, key: string): string =>
    `(SELECT ${key} FROM ${table} ORDER BY ${key} OFFSET (SELECT floor(${place} * count(*)) FROM ${table}) LIMIT 1)`;
  const kinds: readonly (() => Tampering)[] = [
    () => {
      const [table, key, column, value] = pick(COLUMNS);
      return statements(
        `change ${table}.${column}`,
        `UPDATE ${table} SET ${column} = ${value} WHERE ${key} = ${row(table, key)}`,
      );
    },
    () => {
      const [table, key] = pick(TABLES);
      return statements(`remove from ${table}`, `DELETE FROM ${table} WHERE ${key} = ${row(table, key)}`);
    },
    () =>
      statements(
        'cut the tail',
        `DELETE FROM checkpoints WHERE size > (SELECT min(size) FROM checkpoints)`,
        `DELETE FROM events WHERE id::text IN (SELECT key FROM record_leaves WHERE source = 'event' AND position >= (SELECT max(size) FROM checkpoints))`,
        `DELETE FROM record_leaves WHERE position IS NULL OR position >= (SELECT max(size) FROM checkpoints)`,
      ),
    () =>
      statements(
        'rewrite a row and its leaf',
        `UPDATE events SET sentence = sentence || '!' WHERE id = ${row('events', 'id')}`,
        `UPDATE record_leaves SET hash = leaf_hash(source, key) WHERE position IS NOT NULL`,
      ),
    () =>
      statements(
        'exchange two leaves',
        `UPDATE record_leaves SET position = -1 WHERE position = 0`,
        `UPDATE record_leaves SET position = 0 WHERE position = 1`,
        `UPDATE record_leaves SET position = 1 WHERE position = -1`,
      ),
    () =>
      statements(
        'date a promotion back',
        `INSERT INTO promotions (symbol, version, kind, reason, validated_to, evidence, reference, band, promoted_on, at)
        SELECT symbol, version, kind, 'never was', validated_to, evidence, reference, band, promoted_on, at - ${place} * interval '30 days'
        FROM promotions LIMIT 1`,
      ),
    () =>
      statements(
        'date an event back',
        `INSERT INTO events (id, at, symbol, kind, payload, sentence)
        SELECT max(id) + 1, now() - ${place} * interval '30 days', 'X', 'drift:checked', '{}', 'All was well.' FROM events`,
      ),
    () =>
      statements(
        'another champion',
        `UPDATE champions SET version = (SELECT max(version) FROM models WHERE version <> champions.version)`,
      ),
  ];
  return pick(kinds)();
}

function statements(name: string, ...all: readonly string[]): Tampering {
  return {
    name,
    async apply(client) {
      await client.query(`SET LOCAL session_replication_role = 'replica'`);
      for (const statement of all) await client.query(statement);
    },
  };
}
