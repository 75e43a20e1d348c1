import { initialSetup, type Setup } from '../setup/setup.ts';

/** A short text beside the live page. What it claims is what a run of its setup shows. */
export interface Lesson {
  readonly title: string;
  /** The claim in a few words. */
  readonly summary: string;
  /** Paragraphs. */
  readonly text: readonly string[];
  /** What to look at while it runs. */
  readonly look: string;
  readonly setup: Partial<Setup>;
}

/** The lessons by the name in the address. */
export const LESSONS: Readonly<Record<string, Lesson>> = {};

/** The whole setup of each lesson. */
export const LESSON_SETUPS: Readonly<Record<string, Setup>> = Object.fromEntries(
  Object.entries(LESSONS).map(([name, { setup }]) => [name, { ...initialSetup, ...setup }]),
);
