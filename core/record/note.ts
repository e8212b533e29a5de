import { createHash, createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto';

/**
 * Signed notes (c2sp.org/signed-note), as Go's golang.org/x/mod/sumdb/note reads and writes them: a text, a blank line, and a line
 * `— name base64` for each signature, of a key's number and an Ed25519 signature. Keys are written as Go writes them.
 */
export interface Signer {
  /** The key to hand out: `name+number+base64`. */
  readonly verifierKey: string;
  sign(text: string): string;
}

const ED25519 = 1;
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** A new private key: `PRIVATE+KEY+name+number+base64`. */
export function makeSigningKey(name: string): string {
  const seed = randomBytes(32);
  return `PRIVATE+KEY+${name}+${numberOf(name, publicOf(seed)).toString('hex')}+${tagged(seed)}`;
}

/** @throws RangeError where it is no such key. */
export function createSigner(key: string): Signer {
  const [, name, number, encoded] = /^PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(key.trim()) ?? [];
  const seed = untagged(encoded);
  if (name === undefined || seed === undefined) throw new RangeError('This is no Ed25519 key of a signed note.');
  const publicKey = publicOf(seed);
  const own = numberOf(name, publicKey);
  if (own.toString('hex') !== number) throw new RangeError('The number of this key is not its own.');
  const secret = privateKeyOf(seed);
  return {
    verifierKey: `${name}+${own.toString('hex')}+${tagged(publicKey)}`,
    sign: (text) =>
      `${text}\n\u2014 ${name} ${Buffer.concat([own, sign(null, Buffer.from(text), secret)]).toString('base64')}\n`,
  };
}

/** The text of a note that a key has signed; undefined where it has not. */
export function openNote(note: string, verifierKey: string): string | undefined {
  const [, name, number, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(verifierKey.trim()) ?? [];
  const publicKey = untagged(encoded);
  const split = note.lastIndexOf('\n\n');
  if (name === undefined || number === undefined || publicKey === undefined || split === -1) return undefined;
  const text = note.slice(0, split + 1);
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
  for (const line of note.slice(split + 2).split('\n')) {
    const [dash, signer, signature] = line.split(' ');
    const bytes = Buffer.from(signature ?? '', 'base64');
    if (dash !== '\u2014' || signer !== name || bytes.subarray(0, 4).toString('hex') !== number) continue;
    if (verify(null, Buffer.from(text), key, bytes.subarray(4))) return text;
  }
  return undefined;
}

const privateKeyOf = (seed: Uint8Array): ReturnType<typeof createPrivateKey> =>
  createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });

const publicOf = (seed: Uint8Array): Buffer =>
  createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);

const tagged = (bytes: Uint8Array): string => Buffer.concat([Buffer.of(ED25519), bytes]).toString('base64');

function untagged(encoded: string | undefined): Uint8Array | undefined {
  const bytes = Buffer.from(encoded ?? '', 'base64');
  return bytes.length === 33 && bytes[0] === ED25519 ? bytes.subarray(1) : undefined;
}

/** The first four bytes of a hash over name and key. */
function numberOf(name: string, publicKey: Uint8Array): Buffer {
  return createHash('sha256').update(`${name}\n`).update(Buffer.of(ED25519)).update(publicKey).digest().subarray(0, 4);
}
