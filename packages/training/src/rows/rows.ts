import type { Examples, ExampleStream, Tasks } from '@polytask/core';

/** What `fit` and `evaluate` read: rows in memory, or a stream of them. */
export type Rows<T extends Tasks = Tasks> = Examples<T> | ExampleStream<T>;

export const isStream = <T extends Tasks>(rows: Rows<T>): rows is ExampleStream<T> => 'chunks' in rows;
