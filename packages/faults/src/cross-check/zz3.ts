import '@tensorflow/tfjs';
import '@polytask/bench';
import { drawConfiguration } from './draw/configuration.ts';
for (const n of process.argv.slice(2)) console.log(n, JSON.stringify(drawConfiguration({seed: 1, number: Number(n), attempt: 0})), '\n');
