// Runs commands one after the other, in one process that has started once: node commands.fixture.js '[["list", "experts"], …]'.
// It prints the code and the output of each as JSON.
import { main } from '@polytask/bench/cli';

/** @type {string[][]} */
const commands = JSON.parse(process.argv[2] ?? '[]');
const results = [];
for (const argv of commands) {
  const texts = { out: '', err: '' };
  const code = await main(argv, {
    stdout: { write: (text) => void (texts.out += text) },
    stderr: { write: (text) => void (texts.err += text) },
  });
  results.push({ code, ...texts });
}
process.stdout.write(JSON.stringify(results));
