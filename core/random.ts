/** A seeded source of randomness: uniform numbers in [0, 1). */
export type RandomSource = () => number;

/**
 * sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, 32-bit operations only, so the same stream on every machine.
 * @param seed any integer; distinct seeds give unrelated streams (the seed is spread by splitmix32 and 12 rounds are discarded).
 */
export function createRandom(seed: number): RandomSource {
  let s = seed | 0;
  const next = (): number => {
    s = (s + 0x9e3779b9) | 0;
    let z = s ^ (s >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let a = next();
  let b = next();
  let c = next();
  let counter = 1;
  const draw = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return (t >>> 0) / 4_294_967_296;
  };
  for (let i = 0; i < 12; i += 1) draw();
  return draw;
}

/** A stable seed from text (FNV-1a, 32 bits), for naming streams: `seedFrom('GSPC', '2020-03-16')`. */
export function seedFrom(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const character of parts.join('\u001f')) {
    // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- a character has a code point
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  return hash >>> 0;
}

/** A standard normal draw (Box & Muller 1958, one of the pair). */
export function normal(random: RandomSource): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** One of `values`, each as likely. */
export function pick<T>(values: readonly T[], random: RandomSource): T {
  // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- a draw is below 1, so the index is below the length
  return values[Math.floor(random() * values.length)]!;
}
