import type { Task } from '@polytask/core';
import type { Declaration } from '../declarations/declaration.ts';

/** The tasks of each source, as a union. */
type Each<M> = { [N in keyof M]: M[N] extends Declaration<infer T> ? T : never }[keyof M];
type KeysOfEach<U> = U extends unknown ? keyof U & string : never;

/** All tasks of the sources, tables or streams. */
export type MixedTasks<M> = { readonly [K in KeysOfEach<Each<M>>]: Extract<Each<M>, Record<K, Task>>[K] };
