import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ShepherdError } from '../../core/errors.ts';
import { readCheckpoint, type Checkpoint } from '../../core/record/checkpoint.ts';
import { createSigner, makeSigningKey, openNote, type Signer } from '../../core/record/note.ts';

/** The checkpoints outside of the database, a file each, and the keys that sign them. */
export interface KeptCheckpoints {
  readonly signer: Signer;
  /** Writes a checkpoint once; one of the same log and size that says something else stays. @returns whether this one is kept. */
  keep(checkpoint: Checkpoint & { readonly note: string }): Promise<boolean>;
  /** Leaves under the newest that is kept of a log; 0 before the first. */
  newestOf(origin: string): Promise<number>;
  /** Those that this key has signed, the smallest first. */
  list(): Promise<Checkpoint[]>;
  /** Up to which checkpoint the rows were compared; undefined where none was. */
  readVerified(): Promise<string | undefined>;
  writeVerified(note: string): Promise<void>;
}

const KEY = 'signing-key';
const PUBLIC_KEY = 'verifier-key';
const VERIFIED = 'verified';

/**
 * Opens the folder of checkpoints and makes it, with a key of its own, where it is not there yet.
 * @throws ShepherdError INVALID_CONFIG when it cannot be written, or its key is none.
 */
export async function openCheckpoints(folder: string): Promise<KeptCheckpoints> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const signer = createSigner(await readOrMakeKey(folder));
    await writeFile(join(folder, PUBLIC_KEY), `${signer.verifierKey}\n`);
    return withSigner(folder, signer);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ShepherdError('INVALID_CONFIG', `Checkpoints cannot be kept in ${folder}: ${why}`, { cause });
  }
}

function withSigner(folder: string, signer: Signer): KeptCheckpoints {
  return {
    signer,
    async keep({ note, ...checkpoint }) {
      const file = join(folder, nameOf(checkpoint));
      const written = await writeFile(file, note, { flag: 'wx' }).then(
        () => true,
        (error: unknown) => {
          if (isThere(error)) return false;
          throw error;
        },
      );
      return written || (await readFile(file, 'utf8')) === note;
    },
    async newestOf(origin) {
      const own = prefixOf(origin);
      const sizes = (await readdir(folder))
        .filter((name) => name.startsWith(own))
        .map((name) => parseInt(name.slice(own.length), 10));
      return Math.max(0, ...sizes);
    },
    async list() {
      const names = (await readdir(folder)).filter((name) => /^checkpoint-.*\.txt$/.test(name)).sort();
      const notes = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
      return notes.flatMap((note) => readNote(note, signer.verifierKey) ?? []).sort((a, b) => a.size - b.size);
    },
    readVerified: () => readFile(join(folder, VERIFIED), 'utf8').catch(() => undefined),
    writeVerified: (note) => writeFile(join(folder, VERIFIED), note),
  };
}

/** What a signed checkpoint says; undefined where this key has not signed it. */
export function readNote(note: string, verifierKey: string): Checkpoint | undefined {
  const text = openNote(note, verifierKey);
  return text === undefined ? undefined : readCheckpoint(text);
}

function nameOf({ origin, size }: Checkpoint): string {
  return `${prefixOf(origin)}${String(size).padStart(12, '0')}.txt`;
}

function prefixOf(origin: string): string {
  return `checkpoint-${origin.replace(/.*\//, '').slice(0, 8)}-`;
}

async function readOrMakeKey(folder: string): Promise<string> {
  const file = join(folder, KEY);
  await writeFile(file, `${makeSigningKey('shepherd')}\n`, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    if (!isThere(error)) throw error; // made before, or by a process beside this one
  });
  return readFile(file, 'utf8');
}

function isThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
