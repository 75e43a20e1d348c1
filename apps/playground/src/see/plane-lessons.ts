import type { PlaneModel } from './plane-models.ts';
import type { PlaneSettings } from './plane-tasks.ts';

/** How a model's map of a task compares with that of a separate network. */
export type Outcome = 'better' | 'worse' | 'about the same';

export const OUTCOMES: readonly Outcome[] = ['better', 'about the same', 'worse'];

/** A question to guess at, before a run answers it. */
export interface PlaneLesson {
  readonly title: string;
  readonly question: string;
  readonly model: PlaneModel;
  /** 0 or 1. */
  readonly task: number;
  readonly settings: PlaneSettings;
  /** Why it goes like this. Shown after the run. */
  readonly reason: string;
}

export const PLANE_LESSONS: readonly PlaneLesson[] = [
  {
    title: 'Few labels',
    question: 'The tasks are the same, and task 1 has only 20 labels. How is shared-bottom’s map of task 1?',
    ...{ model: 'shared-bottom', task: 0 },
    settings: { alike: 1, conflict: 0, labels: [20, 240], seed: 2 },
    reason:
      'Twenty points don’t show where the stripes are. Task 2 has 240 labels, and the shared network learns the stripes ' +
      'from them. Task 1 only has to say which side is which.',
  },
  {
    title: 'Nothing in common',
    question: 'Now the tasks have nothing in common, and both have 240 labels. How is AdaTT’s map of task 1?',
    ...{ model: 'adatt', task: 0 },
    settings: { alike: 0, conflict: 0, labels: [240, 240], seed: 2 },
    reason:
      'Each task has labels enough to find its own boundary. Sharing has nothing to add, and the experts of a task keep ' +
      'the other task away.',
  },
  {
    title: 'A contradiction',
    question:
      'Task 1 has 20 labels, and in the right 40% of the plane task 2 says the opposite. How is its map by shared-bottom?',
    ...{ model: 'shared-bottom', task: 0 },
    settings: { alike: 1, conflict: 0.4, labels: [20, 240], seed: 2 },
    reason:
      'Both tasks have the same boundaries but for one line. So the features of task 2 are of use to task 1, and its ' +
      'few labels have to tell on which side of the line the answer turns.',
  },
];

/** A difference in the share of the map below this is "about the same". */
const MARGIN = 0.03;

/** @param own the share of the map that the model has right @param alone that of a separate network */
export const outcomeOf = (own: number, alone: number): Outcome =>
  Math.abs(own - alone) < MARGIN ? 'about the same' : own > alone ? 'better' : 'worse';
