#!/usr/bin/env node
import { endWithReader } from './cli/io.ts';
import { main } from './cli/main.ts';

for (const output of [process.stdout, process.stderr]) endWithReader(output, process.exit);
process.exitCode = await main(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr });
