import { startEngine } from '@polytask/bench';
import { LONG_JOBS } from './jobs.ts';
import { memoryHere } from './memory.ts';

// The program of a process that does one long job: `job-process.ts NAME COUNT SAMPLES`. It sends its parent samples of its memory.

const [name, count, samples] = [process.argv[2]!, Number(process.argv[3]), Number(process.argv[4])];
const { run, measure = memoryHere } = LONG_JOBS[name]!;
const stride = Math.max(1, Math.floor(count / samples));

await startEngine('cpu');
await run(count, (done) => {
  if (done % stride === 0 && done <= count) process.send!(measure(done));
});
process.disconnect();
