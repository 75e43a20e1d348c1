import { checks } from '@polytask/core';

/** Throws unless it is a number of rows. */
export const checkChunkRows = (rows: number): void => checks.wholeNumber(1)(rows, 'chunkRows');
