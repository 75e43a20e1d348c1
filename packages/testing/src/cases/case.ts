import { ConformanceError } from './conformance-error.ts';

/** One promise of a contract as a test that any runner can run. */
export interface Case {
  /** What is promised, such as `gradients reach every weight`. */
  readonly name: string;
  /** Rejects with a {@link ConformanceError} when the promise is broken. */
  run(): Promise<void>;
}

/** Checks by the promise that they check. Each stands alone, and leaves nothing behind. */
export type Checks = Readonly<Record<string, () => void | Promise<void>>>;

/** The checks as cases whose errors say whose promise is broken, and which. */
export const casesOf = (subject: string, checks: Checks): Case[] =>
  Object.entries(checks).map(([name, check]) => ({
    name,
    async run() {
      try {
        await check();
      } catch (error) {
        const what = error instanceof ConformanceError ? error.message : `It threw ${String(error)}`;
        throw new ConformanceError(`${subject}: "${name}" doesn't hold. ${what}`, { cause: error });
      }
    },
  }));
