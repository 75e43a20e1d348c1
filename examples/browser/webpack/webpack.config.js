import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';

const here = import.meta.dirname;

export default {
  mode: 'production',
  context: here,
  entry: './main.js',
  output: { path: path.join(here, 'dist'), filename: 'main.js', clean: true },
  performance: { hints: false },
  plugins: [
    {
      apply: (compiler) =>
        compiler.hooks.afterEmit.tapPromise('page', async ({ outputOptions }) => {
          await mkdir(outputOptions.path, { recursive: true });
          await copyFile(path.join(here, 'index.html'), path.join(outputOptions.path, 'index.html'));
        }),
    },
  ],
};
