import type { OpenAPIV3_1 } from 'openapi-types';

/**
 * What the shepherd answers on its own port, for the one document a caller reads. The estimator only tells of it:
 * training needs the control token and never runs on a thread that answers forecasts.
 */
export const shepherdPaths: OpenAPIV3_1.PathsObject = {
  '/train': {
    post: {
      tags: ['shepherd'],
      summary: 'Train a model on a series of your own',
      description:
        'Takes any daily series as CSV, a price or not: values that can be zero or negative are modelled by their differences, ' +
        'prices by their log returns. The answer says which. Once the model is promoted, ask here for forecasts by its symbol.',
      servers: [{ url: 'http://localhost:5001', description: 'The shepherd' }],
      security: [{ bearer: [] }],
      requestBody: {
        required: true,
        content: {
          'multipart/form-data': {
            schema: {
              type: 'object',
              required: ['file', 'symbol'],
              properties: {
                file: {
                  type: 'string',
                  format: 'binary',
                  description: 'A CSV with a header line and a column of days.',
                },
                symbol: { type: 'string', description: 'The name to store the series under.' },
                target_column: { type: 'string', description: 'The column to forecast; default: close.' },
                model_params: { type: 'string', description: 'JSON with fields of the model specification.' },
              },
            },
          },
        },
      },
      responses: {
        202: { description: 'The run has been queued; GET /runs of the shepherd tells how it goes.' },
        401: { description: 'The bearer token is missing or wrong.' },
      },
    },
  },
};
