import type { Checkpoint } from '../../core/record/checkpoint.ts';
import { GrowingTree } from '../../core/record/merkle.ts';
import type { Database, Client } from '../../db/connection/client.ts';
import {
  countUnsealed,
  listCheckpoints,
  listDisputedChampions,
  listLeaves,
  listOrigins,
  listStrays,
  type FoundLeaf,
  type StoredCheckpoint,
} from '../../db/tables/record.ts';
import { readNote } from './keptCheckpoints.ts';

/** What a look at the record found. */
export interface RecordVerdict {
  /** Nothing was found. */
  readonly intact: boolean;
  /** Sealed leaves, and those of them whose rows were compared now. */
  readonly size: number;
  readonly compared: number;
  /** Entered and not sealed yet. */
  readonly waiting: number;
  /** The newest checkpoint as it is signed; null before the first. */
  readonly checkpoint: StoredCheckpoint | null;
  /** A sentence each, the first twenty. */
  readonly faults: readonly string[];
}

export interface VerifyOptions {
  /** Of the key that must have signed every checkpoint. */
  readonly verifierKey: string;
  /** Checkpoints that were kept outside of the database. */
  readonly kept: readonly Checkpoint[];
  /** Rows up to this one were compared before; it must still be a checkpoint of the record. All are compared where it is undefined. */
  readonly since?: StoredCheckpoint | undefined;
}

const MOST_FAULTS = 20;
const PAGE = 5_000;
/** A row is made at most this long before the batch in which it is due: a transaction ends within a minute. */
const LATE_MS = 120_000;

/**
 * Holds the rows to the tree, the tree to the signed checkpoints, these to those kept outside, and champions and promotions to the events.
 */
export function verifyRecord(db: Database, options: VerifyOptions): Promise<RecordVerdict> {
  return db.transaction(async (client) => {
    await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return verifyWithin(client, options);
  });
}

/** The same as a transaction sees it. */
export async function verifyWithin(
  client: Client,
  { verifierKey, kept, since }: VerifyOptions,
): Promise<RecordVerdict> {
  const faults: string[] = [];
  const from = since?.size ?? 0;
  const tree = new GrowingTree(from, since?.frontier);
  const origins = await listOrigins(client);
  const stored = await listCheckpoints(client, from);
  const heads = stored.map(({ size, note }) => ({ size, says: readNote(note, verifierKey) }));
  for (const { size, says } of heads) {
    if (says === undefined)
      faults.push(`The checkpoint over ${size} leaves is not signed by the key that is kept here.`);
    else if (says.size !== size || !origins.includes(says.origin))
      faults.push(`The checkpoint over ${size} leaves was signed for another record.`);
  }
  const rootsAt = expectedRoots([...heads.flatMap(({ says }) => says ?? []), ...kept], from);
  const holdRoot = (): void => {
    for (const expected of rootsAt.get(tree.size) ?? [])
      if (!expected.equals(tree.root)) faults.push(`The record over ${tree.size} leaves is another than was signed.`);
    rootsAt.delete(tree.size);
  };
  holdRoot();

  const checkTime = timeRule(
    heads.flatMap(({ says }) => says ?? []),
    since && readNote(since.note, verifierKey),
  );
  for (
    let page = await listLeaves(client, from, PAGE);
    page.length > 0;
    page = await listLeaves(client, tree.size, PAGE)
  ) {
    for (const leaf of page) {
      if (leaf.position !== tree.size) {
        faults.push(`Leaf ${tree.size} of the record is missing.`);
        break;
      }
      const name = nameOf(leaf);
      if (leaf.unaltered === null) faults.push(`${name} is sealed and no longer there.`);
      else if (!leaf.unaltered) faults.push(`${name} is not as it was sealed.`);
      else if (!checkTime(leaf)) faults.push(`${name} bears a time (${leaf.at}) at which it was not made.`);
      tree.append(leaf.hash);
      holdRoot();
    }
    if (faults.length > MOST_FAULTS || page.at(-1)?.position !== tree.size - 1) break;
  }

  const last = stored.at(-1) ?? since;
  if (tree.size !== (last?.size ?? 0))
    faults.push(`The record has ${tree.size} leaves and its newest checkpoint ${last?.size ?? 0}.`);
  faults.push(...cutsOf(kept, origins, tree.size));
  faults.push(...(await listBesides(client, since === undefined)));
  const { waiting, gone } = await countUnsealed(client);
  if (gone > 0) faults.push(`${gone} of ${waiting} rows that wait to be sealed are no longer there.`);
  return {
    intact: faults.length === 0,
    size: tree.size,
    compared: tree.size - from,
    waiting,
    checkpoint: last ?? null,
    faults: faults.slice(0, MOST_FAULTS),
  };
}

/** What each signed checkpoint says the root is, by the size of the tree. */
function expectedRoots(checkpoints: readonly Checkpoint[], from: number): Map<number, Buffer[]> {
  const bySize = new Map<number, Buffer[]>();
  for (const { size, root } of checkpoints)
    if (size >= from) bySize.set(size, [...(bySize.get(size) ?? []), Buffer.from(root)]);
  return bySize;
}

/** Whether a leaf was made within the time of its batch; the first batch may be of any time before. */
function timeRule(heads: readonly Checkpoint[], before: Checkpoint | undefined): (leaf: FoundLeaf) => boolean {
  const times = [...(before === undefined ? [] : [before]), ...heads].sort((a, b) => a.size - b.size);
  let next = 0;
  return ({ position, at }) => {
    while ((times[next]?.size ?? Infinity) <= position) next += 1;
    const [opened, closed] = [times[next - 1], times[next]];
    if (at === null) return true;
    const time = Date.parse(at);
    return (
      (opened === undefined || time >= Date.parse(opened.sealedAt) - LATE_MS) &&
      (closed === undefined || time <= Date.parse(closed.sealedAt))
    );
  };
}

/** Checkpoints kept outside that are over more than there is: of a database that was restored since, only what it was restored from counts. */
function cutsOf(kept: readonly Checkpoint[], origins: readonly string[], size: number): string[] {
  const beyond = kept.filter(
    (each) => each.size > size && (each.origin === origins[0] || !origins.includes(each.origin)),
  );
  const most = beyond.at(-1);
  return most === undefined
    ? []
    : [`A checkpoint over ${most.size} leaves was signed and ${size} are there: the record was cut.`];
}

/** Rows beside the record. Those of large tables are looked for only when all is compared. */
async function listBesides(client: Client, all: boolean): Promise<string[]> {
  const strays = await listStrays(
    client,
    all ? ['event', 'promotion', 'decision', 'model', 'snapshot'] : ['promotion'],
  );
  const disputed = await listDisputedChampions(client);
  return [
    ...strays.map((stray) => `${nameOf(stray)} was never entered into the record.`),
    ...disputed.map(({ symbol, champion, promoted, told }) =>
      promoted === told
        ? `${symbol}: the champion is ${champion ?? 'none'}, by the events it is ${told.split(',').at(-1) ?? 'none'}.`
        : `${symbol}: the promotions are of ${promoted || 'none'}, the events tell of ${told || 'none'}.`,
    ),
  ];
}

function nameOf({ source, key }: Pick<FoundLeaf, 'source' | 'key'>): string {
  return `${source.charAt(0).toUpperCase()}${source.slice(1)} ${key}`;
}
