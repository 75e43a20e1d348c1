import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { bundleProgram, runProgram } from '../../../../process.base.ts';

it(
  'without onnxruntime-node, auto trains on onnxruntime-web and says so once; a named engine is an error',
  { tags: ['long'] },
  async () => {
    const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'polytask-')));
    const fixture = path.join(import.meta.dirname, 'without-native.fixture.ts');
    const { stdout, stderr } = await runProgram(await bundleProgram(fixture, folder, ['onnxruntime-web']));
    await rm(folder, { recursive: true });
    const web = 'compiled (onnxruntime-web)';
    const missing = expect.stringContaining(
      "onnxruntime-node can't be loaded: Cannot find package 'onnxruntime-node'. Install it",
    ) as string;
    expect(JSON.parse(stdout)).toEqual([web, web, web, web, web, web, missing, missing, missing, missing]);
    expect(stderr.match(/PolytaskNotice/g)).toHaveLength(1);
    expect(stderr).toContain('onnxruntime-web (WebAssembly) runs the graphs, which is slower: ');
  },
);
