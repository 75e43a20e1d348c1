import { type JsonSchema, mapValues } from '@polytask/components';
import type { Schema } from '@polytask/core';
import { labelWords } from '@polytask/data';
import manifest from '../../package.json' with { type: 'json' };
import { MAX_FAULTS } from './http-error.ts';
import { labelColumns } from './label-watch.ts';
import type { ServiceLimits } from './serve-options.ts';
import { decisionSchemas, EXPLANATION, objectOf, predictionSchema, rowSchema } from './row-schema.ts';

export function openApi(
  { features, tasks }: Schema,
  { maxRows, tokenFile }: Pick<ServiceLimits, 'maxRows' | 'tokenFile'>,
): JsonSchema {
  const post = (
    operationId: string,
    summary: string,
    row: string,
    result: string,
    schema: string,
    more: Readonly<Record<string, JsonSchema>> = {},
  ): JsonSchema => {
    const rows = { type: 'array', items: ref(row), maxItems: maxRows };
    const content = json({ anyOf: [rows, { ...objectOf({ rows }, more), additionalProperties: false }] });
    const responses = { 200: answer(result, ref(schema)), ...FAILURES };
    return { post: { operationId, summary, requestBody: { required: true, content }, responses } };
  };
  const labels = Object.entries(tasks).flatMap(([name, task]) => {
    const words = labelWords(task);
    const description = `Read for the label of ${name}${words === undefined ? '' : `: ${words}`}.`;
    return labelColumns(name, task).map((column) => [column, { description }]);
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Predictions',
      version: manifest.version,
      description: `Predicts ${Object.keys(tasks).join(', ')}.`,
    },
    ...(tokenFile !== undefined && { security: [{ token: [] }] }),
    paths: {
      '/predict': post('predict', 'Predict rows', 'Row', 'A prediction for each row, in order', 'Predictions', {
        explain: {
          type: 'boolean',
          description: 'Whether to explain the predictions, of at most 100 rows. Default: false.',
        },
      }),
      '/labels': post('labels', 'Compare predictions with labels', 'LabeledRow', 'How many labels came', 'Labels'),
      '/health': get('Whether the process answers', objectOf({ status: { const: 'ok' } }), []),
      '/ready': get('Whether the service takes requests', objectOf({ status: { const: 'ready' }, engine: TEXT }), []),
      '/model': get(
        'Which model answers',
        objectOf({ model: { type: ['string', 'null'] }, since: TEXT, engine: TEXT }),
      ),
      '/metrics': {
        get: {
          operationId: 'metrics',
          summary: 'Metrics for Prometheus',
          responses: { 200: { description: 'Text of Prometheus', content: { 'text/plain': { schema: TEXT } } } },
        },
      },
    },
    components: {
      ...(tokenFile !== undefined && { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } }),
      schemas: {
        Row: {
          ...rowSchema(features),
          additionalProperties: true,
          description: 'All features are required. Other keys are ignored.',
        },
        LabeledRow: {
          allOf: [ref('Row'), { properties: Object.fromEntries(labels) as JsonSchema }],
          description: 'A row with labels, as those of the training. A label may be null or absent.',
        },
        Labels: objectOf({ labels: objectOf(mapValues(tasks, () => ({ type: 'integer', minimum: 0 }))) }),
        Predictions: objectOf(
          { predictions: { type: 'array', items: ref('Prediction') } },
          {
            explanations: {
              type: 'array',
              items: objectOf(mapValues(tasks, () => ref('Explanation'))),
              description: 'For each row, if the request says explain.',
            },
          },
        ),
        Explanation: EXPLANATION,
        Prediction: objectOf({ ...mapValues(tasks, predictionSchema), ...decisionSchemas(tasks) }),
        Error: {
          type: 'object',
          required: ['error', 'requestId'],
          properties: {
            error: TEXT,
            requestId: { type: 'string', description: 'As in the header x-request-id, and in the log of the service.' },
            faults: { type: 'array', maxItems: MAX_FAULTS, items: ref('Fault') },
          },
        },
        Fault: objectOf({
          row: { type: 'integer', minimum: 0, description: 'The index of the row in the request.' },
          column: { type: ['string', 'null'] },
          message: { type: 'string', description: 'What was expected, what was received, and the remedy.' },
        }),
      },
    },
  };
}

const TEXT = { type: 'string' };

const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

const json = (schema: JsonSchema): JsonSchema => ({ 'application/json': { schema } });

const answer = (description: string, schema: JsonSchema): JsonSchema => ({ description, content: json(schema) });

const FAILURES = {
  400: answer("Rows that don't fit the features or tasks, or no JSON", ref('Error')),
  401: answer('No token of the service', ref('Error')),
  408: answer('The request came too slowly', ref('Error')),
  413: answer('Too large a body, or too many rows', ref('Error')),
  415: answer('Another content type, charset or content encoding', ref('Error')),
  500: answer('The prediction failed, or is not a finite number', ref('Error')),
  503: answer('Too many requests, or the service is stopping: send it again later', ref('Error')),
};

const get = (summary: string, schema: JsonSchema, security?: readonly []) => ({
  get: { summary, ...(security && { security }), responses: { 200: answer(summary, schema) } },
});
