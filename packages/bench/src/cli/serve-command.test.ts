import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { save } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { capturedIo } from '../testing/captured-io.ts';
import { keyboard } from '../testing/keyboard.ts';
import { smallModel, smallRows } from '../testing/small-model.ts';
import { main } from './main.ts';

let directory: string;
const model = smallModel();
beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'polytask-serve-'));
  await save(model, at('model'));
});
afterAll(async () => {
  model.dispose();
  await tf.setBackend('cpu');
  await rm(directory, { recursive: true });
});

const at = (name: string) => path.join(directory, name);

test('serve answers until SIGTERM', async () => {
  const { interrupts, press } = keyboard();
  const { io, out, err } = capturedIo();
  await writeFile(at('tokens'), 'secret\n');
  const limits = ['--max-connections', '9', '--max-buffered', '8', '--token-file', at('tokens')];
  const running = main(['serve', at('model'), '--port', '0', ...limits], { ...io, interrupts });
  await expect.poll(out, { timeout: 20_000 }).toMatch(/^Serving .* with onnxruntime-node/);
  const url = /http:\S+/.exec(out())![0];
  const body = JSON.stringify(smallRows);
  const response = await fetch(`${url}/predict`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer secret' } },
    body,
  });
  const { predictions } = (await response.json()) as { predictions: [{ income: number }] };
  expect(predictions[0].income).toBeCloseTo(model.predict(smallRows).income[0]!, 6);
  expect((await fetch(`${url}/model`)).status).toBe(401);
  press('SIGTERM');
  expect(await running).toBe(0);
  expect(err()).toBe('Stopping: requests under way are answered.\n');
  await expect(fetch(url)).rejects.toThrow();
});

test('serve loads a replaced model on SIGHUP, and compares it with a shadow', async () => {
  const { interrupts, press } = keyboard();
  const { io, out, err } = capturedIo();
  await save(model, at('replaced'));
  const argv = ['serve', at('replaced'), '--port', '0', '--reload', '0', '--shadow', at('model')];
  const running = main(argv, { ...io, interrupts });
  await expect.poll(out, { timeout: 20_000 }).toMatch(/^Serving /);
  const url = /http:\S+/.exec(out())![0];
  const models = async () =>
    (await (await fetch(`${url}/model`)).json()) as { model: string; shadow: { model: string } };
  const before = await models();
  expect(before.model).toBe(before.shadow.model);
  const other = smallModel(2);
  await save(other, at('replaced'));
  other.dispose();
  press('SIGHUP');
  await expect.poll(err, { timeout: 20_000 }).toMatch(/Loaded again: .*replaced, model [0-9a-f]{16}\n/);
  const after = await models();
  expect(err()).toContain(`model ${after.model}\n`);
  expect([after.model === before.model, after.shadow.model]).toEqual([false, before.model]);
  press('SIGTERM');
  expect(await running).toBe(0);
});

test('serve names a component that no package defines, and an option out of range', async () => {
  await save(model, at('own'));
  const document = await readFile(at('own/model.json'), 'utf8');
  const edited = document.replaceAll('"mlp"', '"my-expert"').replace(/,\s*"document": "\w+"/, ''); // the checksum
  await writeFile(at('own/model.json'), edited);
  const unknown = capturedIo();
  expect([await main(['serve', at('own'), '--port', '0'], unknown.io), unknown.err()]).toEqual([
    1,
    expect.stringMatching(/"my-expert"[^]*--import/),
  ]);
  const untold = capturedIo();
  expect(await main(['serve', at('model'), '--token-file', at('none')], untold.io)).toBe(1);
  expect(untold.err()).toMatch(/a file of tokens, one on each line, at .*none, received ENOENT/);
  expect(await main(['serve', at('model'), '--port', 'x'], capturedIo().io)).toBe(2);
});
