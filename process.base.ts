import { execFile } from 'node:child_process';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const { resolve } = createRequire(import.meta.url);

/**
 * Bundles a program of the sources, as TensorFlow.js and ONNX Runtime are outside it: it starts in a fifth of the time that the
 * sources take, and has the packages that its folder has.
 *
 * @param entry a TypeScript file
 * @param folder gets the file
 * @param installed packages that the program finds
 * @returns the path of the file
 */
export async function bundleProgram(entry: string, folder: string, installed: readonly string[] = []): Promise<string> {
  const outfile = path.join(folder, 'program.mjs');
  await build({
    ...{ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' },
    ...{ conditions: ['@polytask/source'], external: ['@tensorflow/*', 'onnxruntime-*'] },
  });
  await install(folder, installed);
  return outfile;
}

/** Makes these packages, and TensorFlow.js, those that programs of the folder find. */
export async function install(folder: string, packages: readonly string[]): Promise<void> {
  const modules = path.join(folder, 'node_modules');
  await rm(modules, { recursive: true, force: true });
  await mkdir(modules);
  await symlink(path.dirname(folderOf('@tensorflow/tfjs')), path.join(modules, '@tensorflow'));
  for (const name of packages) await symlink(folderOf(name), path.join(modules, name));
}

/** Runs a program to its end. */
export const runProgram = (file: string): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [file]);

function folderOf(name: string): string {
  const entry = resolve(name);
  return entry.slice(0, entry.lastIndexOf(name) + name.length);
}
