#!/usr/bin/env node
import { main } from '@polytask/bench/cli';

process.exitCode = await main(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr });
