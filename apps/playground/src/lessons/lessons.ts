import { initialSetup, type Setup } from '../setup/setup.ts';
import type { Claim } from './claim.ts';

/** A short text beside the live page. */
export interface Lesson {
  readonly title: string;
  /** The question in a few words. */
  readonly summary: string;
  /** Paragraphs. The first one says what is set up, the others tell the answer and are shown after a guess and a run. */
  readonly text: readonly string[];
  /** What to look at while it runs. */
  readonly look: string;
  readonly setup: Partial<Setup>;
  /** What the text says of the run. A test runs the lesson on the page, and compares. The guess is at the first one. */
  readonly claims: readonly Claim[];
}

/** The setup that three lessons begin with. */
const THREE_TASKS = { tasks: 3, experts: 6, epochs: 40 } as const;

/** The lessons by the name in the address. */
export const LESSONS: Readonly<Record<string, Lesson>> = {
  'why-share': {
    title: 'Why share at all?',
    summary: 'A task has few labels. Do its neighbors help?',
    text: [
      'Three tasks are nearly the same. Task 1 has a label in 4% of its rows, the two others in all. A network of ' +
        'its own sees too few examples of task 1.',
      'A shared network learns its features from all tasks. On task 1, both shared-bottom and AdaTT are better than' +
        ' separate networks, by about .03 AUC. The other tasks have enough labels: on them, no difference is beyond ' +
        'chance.',
    ],
    look: 'Move “Labels of task 1” to 100% and run again. How much is left of the gain?',
    setup: {
      ...THREE_TASKS,
      labels: 0.04,
      correlation: 0.9,
      seeds: 8,
      models: ['single-task', 'shared-bottom', 'adatt'],
    },
    claims: [
      { model: 'shared-bottom', task: 'task1', verdict: 'better' },
      { model: 'adatt', task: 'task1', verdict: 'better' },
      { model: 'shared-bottom', task: 'task2', verdict: 'no difference' },
      { model: 'adatt', task: 'task3', verdict: 'no difference' },
    ],
  },
  'negative-transfer': {
    title: 'Negative transfer',
    summary: 'Unrelated tasks in conflict share a network. Do they pay for it?',
    text: [
      'Now the tasks have nothing in common, and in 30% of the input space task 2 is turned round. All have all ' +
        'labels, and the networks are narrow.',
      'Sharing hurts. On all three tasks, shared-bottom is significantly worse than separate networks. AdaTT could' +
        ' keep its tasks apart, and is worse, too: it has to learn what not to share.',
    ],
    look: 'In AdaTT’s network, follow the thick edges of task 2. Do they come from its own experts?',
    setup: {
      ...{ ...THREE_TASKS, correlation: 0, conflict: 0.3, width: 16, seeds: 10 },
      models: ['single-task', 'shared-bottom', 'adatt'],
    },
    claims: ['shared-bottom', 'adatt'].flatMap((model) =>
      ['task1', 'task2', 'task3'].map((task): Claim => ({ model, task, verdict: 'worse' })),
    ),
  },
  seesaw: {
    title: 'The seesaw',
    summary: 'Three tasks, one in conflict. Which of them gain?',
    text: [
      'Task 1 has few labels, and is like task 3. Task 2 contradicts both in 30% of the input space.',
      'Shared-bottom lifts task 1 and loses on tasks 2 and 3, all significantly. This is the seesaw: whether you ' +
        'call the model better depends on the task that you look at. AdaTT loses less of task 3, and still pays for ' +
        'task 1 with task 2.',
    ],
    look: 'A mean over tasks would hide this. Which model would you take if all tasks counted alike?',
    setup: {
      ...{ ...THREE_TASKS, labels: 0.04, correlation: 0.9, conflict: 0.3, width: 16, seeds: 10 },
      models: ['single-task', 'shared-bottom', 'adatt'],
    },
    claims: [
      { model: 'shared-bottom', task: 'task1', verdict: 'better' },
      { model: 'shared-bottom', task: 'task2', verdict: 'worse' },
      { model: 'shared-bottom', task: 'task3', verdict: 'worse' },
      { model: 'adatt', task: 'task1', verdict: 'better' },
      { model: 'adatt', task: 'task2', verdict: 'worse' },
      { model: 'adatt', task: 'task3', verdict: 'no difference' },
    ],
  },
  'gates-that-collapse': {
    title: 'Gates that collapse',
    summary: 'Twelve experts: how many does a task use?',
    text: [
      'PLE and multi-level MMoE get 12 experts per level. The number under each heat map says how many experts a' +
        ' task uses: 12 if all have equal weights, 1 if one expert does all.',
      'PLE’s gates on level 2 collapse. A task uses fewer than 5 of the experts, and the others are trained for ' +
        'little. The gates of MMoE read the raw input, and use more than 9.',
      'Is a collapse a failure? The verdict says which model is better here, and whether the difference could be chance.',
    ],
    look: 'Press “Play again”, and watch level 2 of PLE. After how many epochs are the columns empty?',
    setup: { correlation: 0.9, experts: 12, epochs: 60, seeds: 5, models: ['ple', 'ml-mmoe'] },
    claims: [
      { model: 'ple', level: 2, effectiveExperts: { least: 1, most: 5 } },
      { model: 'ml-mmoe', level: 2, effectiveExperts: { least: 9, most: 12 } },
    ],
  },
  residual: {
    title: 'What AdaTT’s residual does',
    summary: 'Is a constant weight for a task’s own experts worth it?',
    text: [
      'AdaTT adds two weights: a gate over all experts, and a learned constant over the experts of a task’s own. ' +
        'The constant is the residual: equation 7 of the paper. Here AdaTT is compared with the same network without ' +
        'the constant.',
      'The tasks have nothing in common, so each has to find its own experts. With the residual, AdaTT is better on' +
        ' tasks 2 and 3, significantly, by .015 to .02 AUC. On task 1, every difference could be chance.',
    ],
    look: 'In the tables “constant”, look at the diagonal. Without it, the gates alone have to tell the tasks apart.',
    setup: { ...THREE_TASKS, correlation: 0, seeds: 12, models: ['adatt-without-residual', 'adatt'] },
    claims: [
      { model: 'adatt', task: 'task1', verdict: 'no difference' },
      { model: 'adatt', task: 'task2', verdict: 'better' },
      { model: 'adatt', task: 'task3', verdict: 'better' },
    ],
  },
};

/** The whole setup of each lesson. */
export const LESSON_SETUPS: Readonly<Record<string, Setup>> = Object.fromEntries(
  Object.entries(LESSONS).map(([name, { setup }]) => [name, { ...initialSetup, ...setup }]),
);
