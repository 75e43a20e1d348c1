import { type EngineRow, engines, failureOf } from '../engines.ts';
import type { EngineFacts } from './facts.ts';

/** Starts each engine, the slowest first, so that the fastest that runs is the one that is left. */
export async function examineEngines(rows: readonly EngineRow[] = engines): Promise<EngineFacts[]> {
  const facts: EngineFacts[] = [];
  for (const { name, description, start } of [...rows].reverse()) {
    const failure = await start().then(() => undefined, failureOf);
    facts.unshift({ name, description, ...(failure !== undefined && { failure }) });
  }
  return facts;
}

/** The engine that `auto` takes. Undefined when none runs. */
export const autoOf = (engines: readonly EngineFacts[]): EngineFacts | undefined =>
  engines.find(({ failure }) => failure === undefined);
