import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDataset } from './open-dataset.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'polytask-components-'));
  writeFileSync(join(directory, 'rows.csv'), `tags,y\n${'a|b,0\nb,1\n'.repeat(20)}`);
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Opens a data set whose sequence and task have these options, too. */
function open({ sequence, task }: { readonly sequence?: object; readonly task?: object }) {
  const path = join(directory, 'set.json');
  const features = { history: { kind: 'id-sequence', from: 'tags', ...sequence } };
  writeFileSync(path, JSON.stringify({ files: 'rows.csv', features, tasks: { y: { kind: 'binary', ...task } } }));
  return openDataset(path);
}

it('refuses options next to the config of a loss or pooling', async () => {
  const [loss, pooling] = ['loss', 'pooling'].map((kind) => ({ kind, name: 'focal', gamma: 9, config: {} }));
  await expect(open({})).resolves.toBeDefined();
  const place = 'received "gamma" next to its config. Pass a spec';
  await expect(open({ task: { loss } })).rejects.toThrow(`Expected a loss for set.json.tasks.y.loss, ${place}`);
  await expect(open({ sequence: { pooling } })).rejects.toThrow(place);
});
