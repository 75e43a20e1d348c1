#!/usr/bin/env node
/** Writes leaf-loops-wasm.ts from leaf-loops.wat: `npm run write-kernel` after each change of it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import wabt from 'wabt';
import { ROOT } from '../workspace.js';

const folder = join(ROOT, 'packages/boosting/src/trees');
const text = readFileSync(join(folder, 'leaf-loops.wat'), 'utf8');
const { buffer } = (await wabt()).parseWat('leaf-loops.wat', text, { simd: true, bulk_memory: true }).toBinary({});
writeFileSync(
  join(folder, 'leaf-loops-wasm.ts'),
  `/** leaf-loops.wat as a WebAssembly module, in base64. \`npm run write-kernel\` writes it. */
export const LEAF_LOOPS =
  '${Buffer.from(buffer).toString('base64')}';
`,
);
