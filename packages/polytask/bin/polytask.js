#!/usr/bin/env node
import { runCommand } from '@polytask/bench/cli';

await runCommand();
