import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** Swagger UI styles itself inline; everything else comes from here, and over plain HTTP where that is what is spoken. */
const UI_POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'self'",
  "frame-ancestors 'self'",
].join('; ');

export interface DocumentationOptions {
  readonly title: string;
  readonly about: string;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  /** Operations that say `security: [{ bearer: [] }]` ask for this token. */
  readonly bearer?: string;
}

/** The OpenAPI document at `/openapi.json`, made from the routes' own schemas, and Swagger UI at `/docs`; install it before the routes. */
export async function installDocumentation(
  app: FastifyInstance,
  { title, about, tags, bearer }: DocumentationOptions,
): Promise<void> {
  await app.register(swagger, {
    transformObject(document) {
      if (!('openapiObject' in document)) return document.swaggerObject;
      relaxBodies(document.openapiObject.paths ?? {});
      return document.openapiObject;
    },
    openapi: {
      openapi: '3.1.0',
      info: { title, version: '1.0.0', description: `${about} Every error is \`{"error": sentence, "code": CODE}\`.` },
      tags: [...tags],
      ...(bearer !== undefined && {
        components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: bearer } } },
      }),
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: UI_POLICY });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}

/** What a route's schema says with it: the request may come without a body. */
export const BODY_OPTIONAL = { 'x-body-optional': true } as const;

/** The plugin calls every body required; those of routes that say so are not. */
function relaxBodies(paths: Readonly<Record<string, { post?: { requestBody?: object } } | undefined>>): void {
  for (const path of Object.values(paths)) {
    const { post } = path ?? {};
    if (post?.requestBody === undefined || !('x-body-optional' in post)) continue;
    delete post['x-body-optional'];
    Object.assign(post.requestBody, { required: false });
  }
}
