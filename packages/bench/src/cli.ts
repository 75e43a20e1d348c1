#!/usr/bin/env node
import { runCommand } from './cli/main.ts';

await runCommand();
