import { fail } from '@polytask/core';
import { SILENT, type Bar } from './bar.ts';

export const createProgress = (): Bar => SILENT;

export const inside = (directory: string, name: string): string => `${directory}/${name}`;

/** A page has no log directory that another program could read. */
export const appendBytes = async (file: string): Promise<void> =>
  fail({ expected: `Node, for ${file}`, received: 'a browser', fix: 'Take mlflowTracker or jsonLinesTracker there.' });

export const onServer = (): boolean => false;

/** Writes a notice for the user on the console, which is the only place that a page or worker has for it. */
// eslint-disable-next-line no-console -- as process.emitWarning in Node
export const notice = (message: string): void => console.warn(message);
