import { binary, multiTaskModel } from '@polytask/core';
import { ple } from '@polytask/baselines';
import { mlp } from '@polytask/experts';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import * as doc from './blocks.ts';
import { shownAs } from './notebook.ts';

/** What Deno's kernel for Jupyter shows. */
const shown = (value: object) =>
  (value as Record<symbol, () => Record<string, string>>)[Symbol.for('Jupyter.display')]!();

test('a result shows itself as its document, with escaped texts and a style of its own part of the page', () => {
  const result = shownAs({ name: '<script>' }, ({ name }) =>
    doc.documentOf(name, doc.rows([name, 'n'], [['<b>', '1']]), doc.section('More', doc.note('x'), 'detail')),
  );
  const { 'text/html': html, 'text/plain': text } = shown(result);
  expect(html).toMatch(/^<style>[^<]*<\/style><div class="polytask"><h3>&lt;script&gt;<\/h3>.*<\/div>$/s);
  expect(html).toContain('<th scope="row">&lt;b&gt;</th>');
  expect(html).toContain('<summary>More</summary>');
  expect(html).not.toContain(':root');
  expect(text).toBe('<script>\n\n<script>  n\n<b>       1\n\n');
  expect(result).toStrictEqual({ name: '<script>' });
});

test('a model shows its features, tasks, and parts, whose parameters add up', async () => {
  await tf.setBackend('cpu');
  const model = multiTaskModel({
    schema: {
      features: {
        age: { kind: 'numeric', mean: 0, deviation: 1, indicator: false },
        '<i>': { kind: 'categorical', vocabulary: ['Utah', 'Ohio'] },
      },
      tasks: { click: binary(), like: binary() },
    },
    network: ple({ levels: [{ experts: mlp([4]), perTask: 1, shared: 1 }] }),
    tower: mlp([2]),
    seed: 1,
  });
  const { 'text/html': html, 'text/plain': text } = shown(model);
  expect(html).toContain('numeric: age. categorical: &lt;i&gt;.');
  expect(text).toContain(`ple: ${model.parameterCount} parameters`);
  expect(text).toMatch(/click +the probability of yes/);
  const parts = text!.slice(text!.indexOf('part')).matchAll(/^\S+ +(\d+)$/gm);
  expect([...parts].reduce((total, [, count]) => total + Number(count), 0)).toBe(model.parameterCount);
  model.dispose();
});
