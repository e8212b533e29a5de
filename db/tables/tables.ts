import type { HeldOut } from '../../core/tables/judge.ts';
import type { ColumnDrift } from '../../core/tables/drift.ts';
import type { TableText } from '../../core/tables/column.ts';
import type { Client } from '../connection/client.ts';
import { oneRow } from '../connection/oneRow.ts';
import { storableJson, storableText } from '../connection/storable.ts';

/** What is in service for a table. */
export interface TableChampion {
  readonly name: string;
  readonly version: number;
  readonly type: string;
  readonly target: string;
  readonly sha256: string;
  readonly heldOut: HeldOut;
  readonly kind: 'first' | 'gate' | 'rollback';
  readonly reason: string;
  readonly promotedAt: string;
  /** Of the newest batch; null for the first. */
  readonly drift: readonly ColumnDrift[] | null;
}

/** The champions of all tables, or of one, that trained first coming first. */
export function listTableChampions(client: Client, name?: string): Promise<TableChampion[]> {
  return client.query<TableChampion>(
    `SELECT name, version::int, type, target, sha256, held_out AS "heldOut", kind, reason,
       to_char(promoted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "promotedAt", drift
     FROM table_champions WHERE $1::text IS NULL OR name = $1 ORDER BY version`,
    [name ?? null],
  );
}

/** Keeps others from training the same table until the transaction ends. */
export async function lockTable(client: Client, name: string): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('table ' || $1, 0))`, [name]);
}

/** @returns the batch's number. */
export async function saveBatch(
  client: Client,
  {
    name,
    table,
    drift,
  }: { readonly name: string; readonly table: TableText; readonly drift: readonly ColumnDrift[] | null },
): Promise<string> {
  const { id } = oneRow(
    await client.query<{ id: string }>(
      'INSERT INTO table_batches (name, header, rows, drift) VALUES ($1, $2, $3, $4) RETURNING id::text',
      [name, storableJson(table.header), storableJson(table.rows), drift === null ? null : storableJson(drift)],
    ),
  );
  return id;
}

/** All batches of a table as one, its columns in the order of the first; `undefined` before the first. */
export async function findRows(client: Client, name: string): Promise<TableText | undefined> {
  const batches = await client.query<TableText>('SELECT header, rows FROM table_batches WHERE name = $1 ORDER BY id', [
    name,
  ]);
  const [first] = batches;
  if (first === undefined) return undefined;
  const rows = batches.flatMap((batch) => {
    const at = first.header.map((column) => batch.header.indexOf(column));
    return batch.rows.map((cells) => at.map((index) => cells[index] ?? ''));
  });
  return { header: first.header, rows };
}

export interface NewTableModel {
  readonly name: string;
  readonly batch: string;
  readonly type: string;
  readonly target: string;
  readonly artifact: string;
  readonly sha256: string;
  readonly heldOut: HeldOut;
}

/** @returns its version. */
export async function saveTableModel(client: Client, model: NewTableModel): Promise<number> {
  const { name, batch, type, target, artifact, sha256, heldOut } = model;
  const { version } = oneRow(
    await client.query<{ version: number }>(
      `INSERT INTO table_models (name, batch, type, target, artifact, sha256, held_out) VALUES ($1, $2, $3, $4, $5, $6, $7)
       RETURNING version::int`,
      [name, batch, type, storableText(target), artifact, sha256, storableJson(heldOut)],
    ),
  );
  return version;
}

/** The text of a stored model and its hash; `undefined` where there is none of the version. */
export async function findTableModel(
  client: Client,
  version: number,
): Promise<{ artifact: string; sha256: string } | undefined> {
  const [row] = await client.query<{ artifact: string; sha256: string }>(
    'SELECT artifact, sha256 FROM table_models WHERE version = $1',
    [version],
  );
  return row;
}

export async function savePromotion(
  client: Client,
  { name, version, kind, reason }: Pick<TableChampion, 'name' | 'version' | 'kind' | 'reason'>,
): Promise<void> {
  await client.query('INSERT INTO table_promotions (name, version, kind, reason) VALUES ($1, $2, $3, $4)', [
    name,
    version,
    kind,
    storableText(reason),
  ]);
}

/** The version that was in service before the one that is; `undefined` where there was none. */
export async function findEarlierVersion(client: Client, name: string): Promise<number | undefined> {
  const [row] = await client.query<{ version: number }>(
    `SELECT p.version::int FROM table_promotions AS p
     WHERE p.name = $1 AND p.version < (SELECT version FROM table_champions WHERE name = $1) ORDER BY p.version DESC LIMIT 1`,
    [name],
  );
  return row?.version;
}
