import { nodeRuntime } from '@polytask/compile';
import onnxProto from 'onnx-proto';
import { expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { mixedModel, MODELS } from '../testing/models.ts';
import { mixedSchema } from '../testing/rows.ts';
import { exportOnnx } from './export-onnx.ts';
import type { SchemaDocument } from './schema-document.ts';

it('the file says what another language needs, and who wrote it', async () => {
  const model = mixedModel(MODELS['mmoe']!());
  const file = await exportOnnx(model, { metadata: { trained: '2026-11-24' } });
  model.dispose();
  const { producerName, producerVersion, docString, metadataProps } = onnxProto.onnx.ModelProto.decode(file);
  expect([producerName, producerVersion, docString]).toEqual([
    'polytask',
    manifest.version,
    'A Polytask model of click, stars, minutes',
  ]);
  const properties = Object.fromEntries(metadataProps.map(({ key, value }) => [key!, value!]));
  expect(Object.keys(properties)).toEqual(['polytask.version', 'polytask.schema', 'trained']);
  const document = JSON.parse(properties['polytask.schema']!) as SchemaDocument;
  expect(document).toEqual({
    format: 1,
    features: mixedSchema.features,
    tasks: {
      click: { kind: 'binary', output: 'click' },
      stars: { kind: 'multiclass', classes: ['low', 'middle', 'high'], output: 'stars' },
      minutes: { kind: 'regression', output: 'minutes' },
    },
    hash: 'FNV-1a, 32 bits, over UTF-16 code units',
  });
  await (await (await nodeRuntime()).load(file)).release();
});
