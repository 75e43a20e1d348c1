import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ROOT } from '../workspace.js';

/** The folder of the playground. */
export const PLAYGROUND = path.join(ROOT, 'apps', 'playground');

/** Builds the site of the playground, once for all test files. Vitest calls this. */
export default function buildSite() {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'site'], {
    cwd: PLAYGROUND,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' }, // Vitest's is "test", which Vite would build for
  });
  if (status !== 0) throw new Error(`The playground doesn't build:\n${stdout}${stderr}`);
}
