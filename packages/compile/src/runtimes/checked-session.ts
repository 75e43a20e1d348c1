import { difference } from './difference.ts';
import type { HostTensor, Session } from './runtime.ts';

/** GPUs round float32 numbers differently, and some compute in float16. */
const STRICTNESS = { dtypes: true, tolerance: 1e-2 };

/**
 * A session whose first run is compared with a run of another session of the same model. Drivers of GPUs can fail without an
 * error.
 *
 * @param name the execution provider of the session, for the error
 * @param load loads the model in the session to compare with
 * @returns a session whose runs all throw an error when the results of the first run differ
 */
export function checkedSession(session: Session, name: string, load: () => Promise<Session>): Session {
  let check: Promise<string | undefined> | undefined;
  return {
    async run(feeds, options) {
      const results = await session.run(feeds, options);
      check ??= compared(results, feeds, load);
      const fault = await check;
      if (fault === undefined) return results;
      throw new Error(
        `Expected ${name} to compute what WebAssembly computes, received a difference: ${fault}. The device or its driver is ` +
          'not reliable for this model. Leave out executionProviders.',
      );
    },
    release: () => session.release(),
  };
}

async function compared(
  results: Readonly<Record<string, HostTensor>>,
  feeds: Readonly<Record<string, HostTensor>>,
  load: () => Promise<Session>,
): Promise<string | undefined> {
  const other = await load();
  try {
    const expected = await other.run(feeds);
    const names = Object.keys(expected);
    return difference(
      names.map((each) => results[each]!),
      names.map((each) => expected[each]!),
      STRICTNESS,
    );
  } finally {
    await other.release();
  }
}
