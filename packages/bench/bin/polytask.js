#!/usr/bin/env node
// In the repository, not built: npm links a workspace's command only if its file is there at install time.
import { existsSync } from 'node:fs';

const program = new URL('../dist/cli.js', import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write('polytask has not been built. In a clone, run `npm run build:javascript` first.\n');
  process.exitCode = 1;
}
