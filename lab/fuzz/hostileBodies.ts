import { pick as pickFrom, type RandomSource } from '../../core/random.ts';
import { HOSTILE_NAMES, HOSTILE_VALUES } from './hostileValues.ts';

const pick = <T>(random: RandomSource, from: readonly T[]): T => pickFrom(from, random);

function randomObject(random: RandomSource, depth = 0): string {
  const fields = Array.from({ length: Math.floor(random() * 5) }, () => {
    const value = depth < 3 && random() < 0.2 ? randomObject(random, depth + 1) : pick(random, HOSTILE_VALUES);
    return `"${pick(random, HOSTILE_NAMES)}":${value}`;
  });
  return `{${fields.join(',')}}`;
}

function randomWindow(random: RandomSource): string {
  const length = pick(random, [0, 1, 59, 60, 60, 60, 61, 200]);
  const odd = random() < 0.5 ? Math.floor(random() * length) : -1;
  const scale = pick(random, [1, 1e-300, 1e300, -1]);
  const values = Array.from({ length }, (_, i) =>
    i === odd ? pick(random, HOSTILE_VALUES) : String(scale * (1 + random())),
  );
  return `[${values.join(',')}]`;
}

/** Bodies by what is wrong with them. */
export const HOSTILE_BODIES: Readonly<Record<string, (random: RandomSource) => string | Buffer>> = {
  'fields of wrong types': (random) => randomObject(random),
  'odd windows': (random) => `{"data":${randomWindow(random)},"horizon":${pick(random, HOSTILE_VALUES)}}`,
  'windows alone': (random) => `{"data":${randomWindow(random)}}`,
  'odd batches': (random) => `{"windows":[${randomWindow(random)},${randomWindow(random)}]}`,
  'odd ranges': (random) =>
    `{"start_date":${pick(random, HOSTILE_VALUES)},"end_date":${pick(random, HOSTILE_VALUES)},"seq_length":${pick(random, HOSTILE_VALUES)}}`,
  'wide ranges': () => '{"start_date":"0001-01-01","end_date":"9999-12-31"}',
  'odd tensors': (random) =>
    `{"inputs":[{"name":"closes","shape":[${pick(random, HOSTILE_VALUES)},60],"datatype":"FP64","data":${randomWindow(random)}}]}`,
  'odd symbols': (random) => `{"symbol":${pick(random, HOSTILE_VALUES)}}`,
  'a value alone': (random) => pick(random, HOSTILE_VALUES),
  'deep lists': () => `{"data":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
  'deep objects': () => `${'{"data":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  'many fields': () => `{${Array.from({ length: 5_000 }, (_, i) => `"f${i}":1`).join(',')}}`,
  'a cut body': (random) => randomObject(random).slice(0, -1),
  'prototype keys': () => '{"__proto__":{"horizon":2},"constructor":{"prototype":{"symbol":"CALM"}}}',
  'broken UTF-8': () => Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]),
  'random bytes': (random) => Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 256))),
  'a broken form': (random) =>
    pick(random, [
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nclose\n1',
      '--x\r\n\r\n\r\n--x--',
      '--x--',
      '--y\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--y--',
      `${'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'.repeat(50)}--x--`,
      '--x\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\n1\r\n--x--',
      `--x\r\nContent-Disposition: form-data; name="file"; filename="../../a"\r\n\r\n"""\n\u0000,,,\n--x--`,
    ]),
  'a CSV form': (random) =>
    `--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nclose\n${Array.from({ length: 70 }, () => (random() < 0.02 ? pick(random, HOSTILE_VALUES) : String(random()))).join('\n')}\r\n--x--\r\n`,
  nothing: () => '',
};
