import { check, isRefusal, type CheckTools, type Outcome } from './check.ts';
import { type Configuration, drawConfiguration } from './draw/configuration.ts';
import type { DrawPlace } from './draw/dice.ts';

/** A configuration that was checked, or couldn't be drawn. */
export interface Checked {
  readonly place: DrawPlace | undefined;
  readonly configuration: Configuration | undefined;
  readonly outcome: Outcome;
}

/** The most attempts at a configuration. Each is another draw around the same architecture. */
const ATTEMPTS = 8;

/**
 * Checks configuration `number` of a seed. While components refuse one another, it is drawn again.
 *
 * @returns the refused attempts, and then one that was compared
 */
export async function* checkDrawn(seed: number, number: number, tools: CheckTools): AsyncGenerator<Checked> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const checked = await checkPlace({ seed, number, attempt }, tools);
    yield checked;
    if (checked.outcome.kind !== 'refused') return;
  }
}

async function checkPlace(place: DrawPlace, tools: CheckTools): Promise<Checked> {
  let configuration: Configuration;
  try {
    configuration = drawConfiguration(place);
  } catch (error) {
    const { message } = error as Error;
    const kind = isRefusal(error) ? 'refused' : 'fault';
    return { place, configuration: undefined, outcome: { kind, stage: 'drawing', text: message } };
  }
  return { place, configuration, outcome: await check(configuration, tools) };
}
