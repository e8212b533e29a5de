import { pick as pickFrom, type RandomSource } from '../../core/random.ts';

/** Bytes to send on a connection of their own, in pieces, and what may come back. */
export interface HostileRequest {
  /** What is hostile about it. */
  readonly kind: string;
  readonly pieces: readonly Buffer[];
  /** The sender goes away in the middle, or the server may cut it off: no answer need come. */
  readonly mayBeCut: boolean;
}

const PREDICT_PATHS = ['/predict', '/predict', '/predict?horizon=5', '/predict?symbol=OTHER'] as const;
const INFER_PATHS = ['/v2/models/CALM/infer', '/v2/models/CALM/versions/1/infer'] as const;

const PATHS = [
  ...PREDICT_PATHS,
  ...INFER_PATHS,
  '/health-check',
  '/health',
  '/ready',
  '/models',
  '/models/CALM/history',
  '/v2',
  '/v2/health/ready',
  '/v2/models/CALM',
  '/v2/models/CALM/ready',
  '/overview',
  '/docs',
  '/docs/json',
  '/openapi.json',
  '/metrics',
  '/',
] as const;

const METHODS = [
  'GET',
  'POST',
  'POST',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
] as const;

const TYPES = [
  'application/json',
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'application/xml',
  'application/octet-stream',
  'nonsense',
  '',
] as const;

const pick = <T>(random: RandomSource, from: readonly T[]): T => pickFrom(from, random);

/** Values that have broken other services, in JSON text so that what JSON cannot say can be said as well. */
const VALUES = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '1.5',
  '1e308',
  '-1e308',
  '5e-324',
  '1e999',
  '-1e999',
  'NaN',
  'Infinity',
  '9007199254740993',
  '123456789012345678901234567890',
  '""',
  '"x"',
  '"60"',
  '"\\u0000"',
  '"\\ud800"',
  '[]',
  '{}',
  '[[]]',
  '[null]',
  '{"a":1}',
  '"2024-02-30"',
  '"2024-13-01"',
  '"0000-00-00"',
  '"9999-12-31"',
  '"2001-01-05"',
  '"2001-01-05T00:00:00Z"',
  `"${'x'.repeat(2_000)}"`,
  '"../../etc/passwd"',
  '"\' OR 1=1 --"',
  '"CALM"',
  '"OTHER"',
  '"__proto__"',
  '"constructor"',
  '"%00"',
  '"<script>alert(1)</script>"',
  '{"toString":1}',
  '{"valueOf":null}',
] as const;

const NAMES = [
  'data',
  'data',
  'symbol',
  'horizon',
  'date',
  'start_date',
  'end_date',
  'seq_length',
  'windows',
  'inputs',
  'outputs',
  'parameters',
  'id',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  ' ',
  '\\u0000',
] as const;

function randomObject(random: RandomSource, depth = 0): string {
  const fields = Array.from({ length: Math.floor(random() * 5) }, () => {
    const value = depth < 3 && random() < 0.2 ? randomObject(random, depth + 1) : pick(random, VALUES);
    return `"${pick(random, NAMES)}":${value}`;
  });
  return `{${fields.join(',')}}`;
}

function randomWindow(random: RandomSource): string {
  const length = pick(random, [0, 1, 59, 60, 60, 60, 61, 200]);
  const odd = random() < 0.5 ? Math.floor(random() * length) : -1;
  const scale = pick(random, [1, 1e-300, 1e300, -1]);
  const values = Array.from({ length }, (_, i) => (i === odd ? pick(random, VALUES) : String(scale * (1 + random()))));
  return `[${values.join(',')}]`;
}

/** Bodies by what is wrong with them. */
const BODIES: Readonly<Record<string, (random: RandomSource) => string | Buffer>> = {
  'fields of wrong types': (random) => randomObject(random),
  'odd windows': (random) => `{"data":${randomWindow(random)},"horizon":${pick(random, VALUES)}}`,
  'windows alone': (random) => `{"data":${randomWindow(random)}}`,
  'odd batches': (random) => `{"windows":[${randomWindow(random)},${randomWindow(random)}]}`,
  'odd ranges': (random) =>
    `{"start_date":${pick(random, VALUES)},"end_date":${pick(random, VALUES)},"seq_length":${pick(random, VALUES)}}`,
  'wide ranges': () => '{"start_date":"0001-01-01","end_date":"9999-12-31"}',
  'odd tensors': (random) =>
    `{"inputs":[{"name":"closes","shape":[${pick(random, VALUES)},60],"datatype":"FP64","data":${randomWindow(random)}}]}`,
  'odd symbols': (random) => `{"symbol":${pick(random, VALUES)}}`,
  'a value alone': (random) => pick(random, VALUES),
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
    `--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nclose\n${Array.from({ length: 70 }, () => (random() < 0.02 ? pick(random, VALUES) : String(random()))).join('\n')}\r\n--x--\r\n`,
  nothing: () => '',
};

const WHOLE_MEGABYTES = Buffer.alloc(10 * 1024 * 1024, '[1,');

/** One hostile request; the same random source gives the same sequence of them. */
export function hostileRequest(random: RandomSource): HostileRequest {
  const draw = random();
  if (draw < 0.04) return notHttp(random);
  if (draw < 0.08) return oddTarget(random);
  if (draw < 0.083) return request('a body of 10 MB', 'POST', '/predict', 'application/json', WHOLE_MEGABYTES, true);
  if (draw < 0.1) return slowBody(random);
  const [kind, write] = pick(random, Object.entries(BODIES));
  const body = Buffer.from(write(random));
  const usual = random() < 0.7;
  const isForm = kind.endsWith('form');
  const type = usual ? (isForm ? 'multipart/form-data; boundary=x' : 'application/json') : pick(random, TYPES);
  const target = usual ? pick(random, random() < 0.8 ? PREDICT_PATHS : INFER_PATHS) : pick(random, PATHS);
  return request(kind, usual ? 'POST' : pick(random, METHODS), target, type, body, false);
}

function request(
  kind: string,
  method: string,
  target: string,
  type: string,
  body: Buffer,
  mayBeCut: boolean,
): HostileRequest {
  return { kind, mayBeCut, pieces: [head(method, target, type, `Content-Length: ${body.length}`), body] };
}

function head(method: string, target: string, type: string, ...headers: string[]): Buffer {
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: estimator', 'Connection: close', ...headers];
  if (type !== '') lines.push(`Content-Type: ${type}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}

function oddTarget(random: RandomSource): HostileRequest {
  const target = pick(random, [
    '/%',
    '/%00',
    '/models/%zz/history',
    `/models/${'x'.repeat(5_000)}/history`,
    '/models/%00/history',
    '/v2/models/%00%0a/infer',
    '/overview?symbol=%00',
    '/models/..%2f..%2fetc%2fpasswd/history',
    '/models/__proto__/history',
    '/v2/models/constructor/ready',
    '/docs/static/..%2f..%2f..%2fpackage.json',
    '/docs/static/../../../package.json',
    '/web/../package.json',
    '/assets/..%2fpackage.json',
    '//',
    '/predict?symbol=__proto__&horizon[]=1&horizon[]=2',
    `/predict?${'a=1&'.repeat(1_000)}`,
    '/predict?horizon=1e999&date=%FF%FE',
    '/predict?date=2001-01-05&date=2001-01-06',
    '*',
    'http://elsewhere/predict',
    '/predict#fragment',
  ]);
  return {
    kind: 'an odd path',
    mayBeCut: false,
    pieces: [head(pick(random, METHODS), target, '', 'Content-Length: 0')],
  };
}

function notHttp(random: RandomSource): HostileRequest {
  const bytes = pick(random, [
    'GET / HTTP/9.9\r\n\r\n',
    'nonsense\r\n\r\n',
    'GET /predict\r\n\r\n',
    'POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
    'POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /predict HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`,
    'GET / HTTP/1.1\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc',
    'GET /predict HTTP/1.1\r\nHost: a\r\nConnection: close\r\nUpgrade: websocket\r\nContent-Length: 2\r\n\r\n{}',
  ]);
  return { kind: 'bytes that are not HTTP', mayBeCut: true, pieces: [Buffer.from(bytes, 'latin1')] };
}

/** The body stops in the middle, or is shorter or longer than it says; the sender then hangs up. */
function slowBody(random: RandomSource): HostileRequest {
  const declared = pick(random, [10, 100, 1_000_000]);
  const body = Buffer.from('{"data":[1,2,3');
  const start = head('POST', '/predict', 'application/json', `Content-Length: ${declared}`);
  return { kind: 'a body that stops', mayBeCut: true, pieces: [start, body.subarray(0, 7), body.subarray(7)] };
}
