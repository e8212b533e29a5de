/** What a checkpoint says (c2sp.org/tlog-checkpoint): which log, how many leaves, their root; and when it was made, in a line of its own. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** ISO instant, by the database's clock. */
  readonly sealedAt: string;
}

export function writeCheckpoint({ origin, size, root, sealedAt }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\nsealed ${sealedAt}\n`;
}

/** The checkpoint that a text is; undefined where it is none. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  const [origin, size, root, time] = text.split('\n');
  if (origin === undefined || size === undefined || root === undefined || !/^(0|[1-9]\d*)$/.test(size))
    return undefined;
  const hash = Buffer.from(root, 'base64');
  if (hash.length !== 32 || time?.startsWith('sealed ') !== true) return undefined;
  return { origin, size: Number(size), root: hash, sealedAt: time.slice('sealed '.length) };
}
