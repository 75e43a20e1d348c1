import { expect, test } from 'vitest';
import { redisUrl, withoutPassword } from './connection.ts';
import { checkNeeds, fileOf, type OwnModules, sharedVersions } from './trial-job.ts';

const versions = sharedVersions('cpu');
const module = { name: 'kan.ts', sha256: 'a1' };
const own: OwnModules = new Map([['a1', { ...module, url: 'file:///own/kan.ts' }]]);

test('a worker with the same versions and modules takes the trial; another Node is no reason to refuse it', () => {
  expect(Object.keys(versions)).toEqual(['@polytask/bench', '@polytask/core', '@tensorflow/tfjs']);
  expect(() => checkNeeds({ versions, modules: [module] }, 'cpu', own)).not.toThrow();
  expect(fileOf(own)('a1')).toBe('/own/kan.ts');
});

test('compiled engines share the version of their ONNX Runtime', () => {
  expect(sharedVersions('compiled')).toEqual({ ...versions, 'onnxruntime-node': expect.stringMatching(/^\d+\./) });
  expect(sharedVersions('compiled-wasm')).toEqual({ ...versions, 'onnxruntime-web': expect.stringMatching(/^\d+\./) });
});

test('a refusal says what to install', () => {
  const older = { ...versions, '@polytask/core': '0.0.9' };
  expect(() => checkNeeds({ versions: older, modules: [] }, 'cpu', own)).toThrow(
    'Expected @polytask/core 0.0.9, as the study has,',
  );
  expect(() => checkNeeds({ versions: older, modules: [] }, 'cpu', own)).toThrow('npm install @polytask/core@0.0.9');
  const changed = { versions, modules: [{ ...module, sha256: 'b2' }] };
  expect(() => checkNeeds(changed, 'cpu', own)).toThrow('received a module of this name with another content.');
  expect(() => checkNeeds(changed, 'cpu', new Map())).toThrow(
    'Expected the module kan.ts of the study, received none.',
  );
  expect(() => fileOf(own)('b2')).toThrow('a module that this worker has');
});

test('the URL of a queue is one of Redis, and no message has its password', () => {
  const url = 'rediss://me:secret@host:6380/1';
  expect(redisUrl(url)).toBe(url);
  expect(withoutPassword(url)).toBe('rediss://me:***@host:6380/1');
  for (const wrong of ['localhost:6379', 'http://me:secret@host', 'redis']) {
    expect(() => redisUrl(wrong)).toThrow('Pass redis://127.0.0.1:6379');
    expect(() => redisUrl(wrong)).not.toThrow('secret');
  }
});
