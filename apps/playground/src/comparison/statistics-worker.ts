import { summarize } from '@polytask/study';
import { expose } from 'comlink';

// The program of a worker that summarizes trials: the bootstrap of a table takes a tenth of a second, in which a page would not move.

const worker = { summarize };

export type StatisticsWorker = typeof worker;

expose(worker);
