import { pick as pickFrom, type RandomSource } from '../../core/random.ts';
import { HOSTILE_BODIES } from './hostileBodies.ts';

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

const WHOLE_MEGABYTES = Buffer.alloc(10 * 1024 * 1024, '[1,');

/** One hostile request; the same random source gives the same sequence of them. */
export function hostileRequest(random: RandomSource): HostileRequest {
  const draw = random();
  if (draw < 0.04) return notHttp(random);
  if (draw < 0.08) return oddTarget(random);
  if (draw < 0.083) return request('a body of 10 MB', 'POST', '/predict', 'application/json', WHOLE_MEGABYTES, true);
  if (draw < 0.1) return slowBody(random);
  const [kind, write] = pick(random, Object.entries(HOSTILE_BODIES));
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
