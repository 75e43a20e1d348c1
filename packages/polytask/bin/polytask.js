#!/usr/bin/env node
import '@polytask/bench/cli';
