/** The hosts' answers are read here, before the client sees them: it prints refused requests to the console and forgets their headers. */

const SECOND = 1_000;

/** Yahoo refused, or answered with something that is not JSON. */
export class YahooRefusal extends Error {
  override readonly name = 'YahooRefusal';
  /** HTTP status; 200 for a body that cannot be read. */
  readonly status: number;
  /** How long Yahoo asked us to wait, in milliseconds. */
  readonly retryAfterMs: number;

  constructor(status: number, description: string, retryAfterMs = 0) {
    super(description);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A `fetch` for the client that goes to `host` (the client itself fixes https) and returns only whole JSON answers. */
export function createYahooFetch(host: string | undefined, now: () => number): typeof fetch {
  const base = host === undefined ? undefined : new URL(host.includes('://') ? host : `https://${host}`);
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (base !== undefined) {
      url.protocol = base.protocol;
      url.host = base.host;
    }
    const response = await fetch(url, init);
    const body = await response.text();
    if (!response.ok) {
      const wait = readRetryAfter(response.headers.get('retry-after'), now());
      throw new YahooRefusal(response.status, describeRefusal(body) ?? response.statusText, wait);
    }
    if (parseJson(body) === undefined) {
      throw new YahooRefusal(response.status, `${body.length} characters that are not complete JSON`);
    }
    return new Response(body, { headers: { 'content-type': 'application/json' } });
  };
}

/** `Retry-After` (RFC 9110, 10.2.3) is a number of seconds or a date. */
export function readRetryAfter(value: string | null, nowMs: number): number {
  if (value === null) return 0;
  const wait = /^\d+$/.test(value.trim()) ? Number(value) * SECOND : Date.parse(value) - nowMs;
  return Number.isFinite(wait) ? Math.max(0, wait) : 0;
}

/** Yahoo explains itself as `{"chart":{"error":{"description"}}}`, except when it is overloaded: then in a few words of text. */
function describeRefusal(body: string): string | undefined {
  const description = /"description"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body)?.[1];
  const text = description === undefined ? body : parseJson(description);
  return typeof text === 'string' && text.trim() !== '' ? text.trim().slice(0, 200) : undefined;
}

function parseJson(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch {
    return undefined;
  }
}
