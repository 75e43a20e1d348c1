import { expect, test } from 'vitest';
import type { Facts } from './facts.ts';
import { renderDiagnosis } from './render-diagnosis.ts';

const installed = (name: string, version: string) => ({ name, version, directory: `/${name}` });

const facts: Facts = {
  machine: {
    node: '22.1.0',
    system: 'linux 6.1 x64',
    glibc: true,
    processor: 'AMD EPYC',
    cores: 4,
    memory: { total: 16 * 2 ** 30, free: 2.25 * 2 ** 30 },
  },
  installations: [
    {
      of: 'command and project',
      polytask: [
        installed('@polytask/bench', '1.2.0'),
        installed('@polytask/core', '1.1.0'),
        installed('polytask', '1.2.0'),
      ],
      others: [installed('@tensorflow/tfjs', '4.22.0'), installed('onnxruntime-web', '1.30.0')],
    },
  ],
  engines: [
    { name: 'compiled', description: 'native', failure: 'Cannot find it' },
    { name: 'compiled-wasm', description: 'in WebAssembly' },
  ],
};

const [whole] = facts.installations;

test('a line a fact, then what is wrong, then what would be faster, each with its command', () => {
  const found = { kind: 'any', about: {}, evidence: {} };
  const advice = [
    { ...found, severity: 'note', message: 'It could be faster.', remedy: { command: 'npm install wings' } },
    { ...found, severity: 'warning', message: 'It is wrong.' },
  ] as const;
  expect(renderDiagnosis(facts, advice)).toBe(
    `Node              22.1.0, linux 6.1 x64
machine           4 × AMD EPYC
memory            16.0 GB, 2.3 GB of it free
polytask          1.2.0: bench, polytask; 1.1.0: core
TF.js             tfjs 4.22.0
onnxruntime-node  not installed
onnxruntime-web   1.30.0, runs
engines           compiled fails, compiled-wasm runs
auto takes        compiled-wasm: in WebAssembly

Wrong:
- It is wrong.

Faster:
- It could be faster.
    npm install wings
`,
  );
});

test("the command's packages and the project's have lines of their own", () => {
  const project = { of: 'project', polytask: [installed('@polytask/core', '1.0.0')], others: [] } as const;
  const text = renderDiagnosis({ ...facts, installations: [{ ...whole, of: 'command' }, project] }, []);
  expect(text).toMatch(/^polytask \(command\) {2}1\.2\.0: bench, polytask; 1\.1\.0: core$/m);
  expect(text).toMatch(/^polytask \(project\) {2}1\.0\.0: core$/m);
  expect(text).toMatch(/^TF\.js \(command\) {4} tfjs 4\.22\.0$/m);
});

test('says that nothing is wrong, and why an installed runtime fails', () => {
  const others = [...whole.others, installed('onnxruntime-node', '1.30.0')];
  const text = renderDiagnosis({ ...facts, installations: [{ ...whole, others }] }, []);
  expect(text).toContain("onnxruntime-node  1.30.0, doesn't run: Cannot find it\n");
  expect(text.endsWith('\n\nNothing is wrong.\n')).toBe(true);
});
