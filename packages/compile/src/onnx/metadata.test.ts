import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { nodeRuntime } from '../runtimes/node-runtime.ts';
import { readModel } from '../testing/onnx-schema.ts';
import { trace } from '../trace.ts';
import { readMetadata, withMetadata } from './metadata.ts';
import { writeModel } from './write-model.ts';

const model = () => {
  const { graph, outputs } = trace((x) => tf.exp(x!), { x: { shape: [2] } });
  return writeModel(graph, outputs);
};

it('adds texts, and leaves the model as it is', async () => {
  const plain = model();
  const properties = { 'a.b': '{"x":"é"}', empty: '' };
  const file = withMetadata(plain, { producerVersion: '1.2.3', description: 'e to the x', properties });
  const read = readModel(file);
  const before = readModel(plain);
  expect(read.producerName).toBe('polytask');
  expect(read.producerVersion).toBe('1.2.3');
  expect(read.docString).toBe('e to the x');
  expect(Object.fromEntries(read.metadataProps.map(({ key, value }) => [key, value]))).toEqual(properties);
  expect(readMetadata(file)).toEqual({ producerVersion: '1.2.3', description: 'e to the x', properties });
  expect(read.graph).toEqual(before.graph);
  expect(read.opsetImport).toEqual(before.opsetImport);
  expect(read.irVersion).toEqual(before.irVersion);

  const session = await (await nodeRuntime()).load(file);
  const { output } = await session.run({ x: { type: 'float32', shape: [2], data: Float32Array.of(0, 1) } });
  expect(output!.data[0]).toBe(1);
  expect(output!.data[1]).toBeCloseTo(Math.E, 5);
  await session.release();
});

it('adds again to what it has added to', () => {
  const file = withMetadata(withMetadata(model(), { producerVersion: '1', properties: { a: '1' } }), {
    producerVersion: '2',
    properties: { b: '2' },
  });
  const { producerVersion, metadataProps } = readModel(file);
  expect([producerVersion, metadataProps.map(({ key }) => key)]).toEqual(['2', ['a', 'b']]);
  expect(readMetadata(file)).toEqual({ producerVersion: '2', description: '', properties: { a: '1', b: '2' } });
});

it('reads a file without metadata, and refuses what is no such file', () => {
  expect(readMetadata(model())).toEqual({ producerVersion: '', description: '', properties: {} });
  expect(() => readMetadata(model().subarray(0, -3))).toThrow('ends within a field');
  expect(() => readMetadata(new TextEncoder().encode('{"a": 1}'))).toThrow('protocol buffers');
});
