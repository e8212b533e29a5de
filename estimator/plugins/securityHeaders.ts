import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** For answers to programs: nothing in them is to be run, framed or guessed at. */
const DATA_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** Paths under which a browser is shown something. */
const PAGES = ['/assets/', '/docs', '/runbook'];

const isPage = (url: string): boolean =>
  url === '/' || url.startsWith('/?') || PAGES.some((path) => url.startsWith(path));

/**
 * Helmet's headers for what browsers show; for data the few that matter there, as fixed text: helmet composes its dozen anew for
 * every answer, which halves the rate of answers from memory.
 */
export async function installSecurityHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    global: false,
    // The services speak plain HTTP behind whatever ends TLS; asking browsers to upgrade would break the page there.
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
    strictTransportSecurity: false,
  });
  app.addHook('onRequest', (request, reply, done) => {
    if (isPage(request.url)) reply.helmet();
    else void reply.headers(DATA_HEADERS);
    done();
  });
}
