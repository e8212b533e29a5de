import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ShepherdError } from '../../../core/errors.ts';
import type { Checkpoint } from '../../../core/record/checkpoint.ts';
import { findCheckpoint } from '../../../db/tables/record.ts';
import { keepSealed } from '../../record/keepSealed.ts';
import { openCheckpoints, readNote, type KeptCheckpoints } from '../../record/keptCheckpoints.ts';
import { verifyRecord, type RecordVerdict } from '../../record/verify.ts';
import { printResult, textOption, type Command } from './command.ts';

const BROKEN = 1;

export const verify: Command = {
  name: 'verify',
  summary: 'hold rows, champions and promotions to the sealed record, and that to its signed checkpoints',
  usage: 'shepherd verify [--all] [--seal] [--checkpoint FILE] [--json]',
  examples: ['shepherd verify', 'shepherd verify --all --seal', 'shepherd verify --checkpoint kept-elsewhere.txt'],
  options: {
    all: { type: 'boolean', about: 'compare every row again, not only those sealed since the last time' },
    seal: { type: 'boolean', about: 'first seal what waits, without waiting for the shepherd' },
    checkpoint: { type: 'string', about: 'a checkpoint kept elsewhere; the record must still begin with it' },
  },
  async run(context, values) {
    const db = await context.database();
    const kept = await openCheckpoints(join(context.config.dataDir, 'checkpoints'));
    const { verifierKey } = kept.signer;
    if (values['seal'] === true) await keepSealed(db, kept, context.log);
    const file = textOption(values, 'checkpoint');
    const brought = file === undefined ? [] : [await readBrought(file, verifierKey)];
    // What was cut off or is older than what was compared before needs the whole.
    const before = values['all'] === true || brought.length > 0 ? undefined : await kept.readVerified();
    const size = before === undefined ? undefined : readNote(before, verifierKey)?.size;
    const since = size === undefined ? undefined : await findCheckpoint(db, size);
    const verdict = await verifyRecord(db, {
      verifierKey,
      kept: [...(await kept.list()), ...brought],
      since: since?.note === before ? since : undefined,
    });
    await remember(kept, verdict);
    printResult(context, { ...verdict, checkpoint: verdict.checkpoint?.note ?? null }, describe(verdict));
    return verdict.intact ? 0 : BROKEN;
  },
};

async function readBrought(file: string, verifierKey: string): Promise<Checkpoint> {
  const note = await readFile(file, 'utf8').catch(() => '');
  const checkpoint = readNote(note, verifierKey);
  if (checkpoint !== undefined) return checkpoint;
  throw new ShepherdError('INVALID_INPUT', `${file} is no checkpoint that the key of this record has signed.`);
}

async function remember(kept: KeptCheckpoints, { intact, checkpoint }: RecordVerdict): Promise<void> {
  if (intact && checkpoint !== null) await kept.writeVerified(checkpoint.note);
}

function describe({ intact, size, compared, waiting, checkpoint, faults }: RecordVerdict): string[] {
  if (!intact) return [...faults, `The record of ${size} leaves is not whole.`];
  const before = compared === size ? '' : ` (those before were compared earlier; --all compares them again)`;
  return [
    `The record of ${size} leaves is whole; ${compared} were compared now${before}, ${waiting} wait to be sealed.`,
    ...(checkpoint === null ? [] : ['', checkpoint.note.trimEnd()]),
  ];
}
