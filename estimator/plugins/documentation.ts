import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { shepherdPaths } from '../schemas/shepherdPaths.ts';

const ABOUT = [
  'Forecasts of daily series by the model that is live just now, each beside the naive forecast, with a band whose realised',
  'coverage is stated and with the recent record of the model.',
  'Every error is `{"error": sentence, "code": CODE}`.',
].join(' ');

/** Swagger UI styles itself inline; everything else comes from here, and over plain HTTP where that is what is spoken. */
const UI_POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'self'",
  "frame-ancestors 'self'",
].join('; ');

/** The OpenAPI document at `/openapi.json`, made from the routes' own schemas, and Swagger UI at `/docs`. */
export async function installDocumentation(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Shepherd estimator', version: '1.0.0', description: ABOUT },
      tags: [
        { name: 'predict', description: 'Forecasts' },
        { name: 'models', description: 'What answers, and why' },
        { name: 'v2', description: 'Open Inference Protocol, version 2' },
        { name: 'health', description: 'For watchers' },
        { name: 'shepherd', description: 'Answered by the shepherd, on its own port' },
      ],
      paths: shepherdPaths,
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: UI_POLICY });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}
