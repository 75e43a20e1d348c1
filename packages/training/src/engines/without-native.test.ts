import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('without onnxruntime-node, auto trains on onnxruntime-web and says so once; a named engine is an error', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--conditions=@polytask/source',
    '--import',
    'tsx',
    path.join(import.meta.dirname, 'without-native.fixture.ts'),
  ]);
  const web = 'compiled (onnxruntime-web)';
  const missing = expect.stringContaining(
    "onnxruntime-node can't be loaded: Cannot find package 'onnxruntime-node'. Install it",
  ) as string;
  expect(JSON.parse(stdout)).toEqual([web, web, web, web, web, web, missing, missing, missing, missing]);
  expect(stderr.match(/PolytaskNotice/g)).toHaveLength(1);
  expect(stderr).toContain('onnxruntime-web (WebAssembly) runs the graphs, which is slower: ');
});
