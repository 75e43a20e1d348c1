import { anything, mapValues, specNamed } from '@polytask/components';
import { labelsOf, predictionWidth, type Examples, type Tasks } from '@polytask/core';
import {
  type CalibrationChoices,
  type CalibrationPlan,
  fitCalibrated,
  planCalibration,
  PredictionCollector,
} from '@polytask/training';

export type { CalibrationChoices };

/** The options of {@link CalibrationChoices}, which `planCalibration` checks. */
export const calibrationOptions = { calibration: anything, intervals: anything, threshold: anything };
export const CALIBRATION_CHOICES = Object.keys(calibrationOptions) as (keyof CalibrationChoices)[];

/** The choices among other options, and otherwise those of the data set file. Undefined without any. */
export function calibrationIn(
  options: CalibrationChoices,
  file: Readonly<Record<string, unknown>> = {},
): CalibrationChoices | undefined {
  const given = CALIBRATION_CHOICES.flatMap((name) => {
    const value = options[name] ?? file[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return given.length === 0 ? undefined : withRules(Object.fromEntries(given));
}

/** The choices with rules such as `cost(falsePositive=1,falseNegative=5)` read. */
function withRules({ threshold, ...choices }: CalibrationChoices): CalibrationChoices {
  const read = (rule: unknown) =>
    typeof rule === 'string' && rule.includes('(') ? specNamed('threshold', rule) : rule;
  const isByTask = typeof threshold === 'object' && !('kind' in threshold && 'name' in threshold);
  return {
    ...choices,
    ...(threshold !== undefined && {
      threshold: (isByTask ? mapValues(threshold, read) : read(threshold)) as CalibrationChoices['threshold'] & {},
    }),
  };
}

const CHUNK = 65_536;

/** The plan for the tasks, tried on the labels of validation rows: what can't be fitted fails before a model is trained. */
export async function triedPlan(
  tasks: Tasks,
  choices: CalibrationChoices,
  validation: Examples,
): Promise<CalibrationPlan> {
  const plan = await planCalibration(tasks, choices);
  const collectors = mapValues(plan, () => new PredictionCollector());
  const isWanted = (task: string) => {
    const { kept: _, ...wanted } = plan[task]!;
    return Object.values(wanted).some((each) => each !== undefined);
  };
  for (let from = 0; from < validation.size; from += CHUNK) {
    const rows = Uint32Array.from({ length: Math.min(CHUNK, validation.size - from) }, (_, i) => from + i);
    const batch = validation.batch(rows);
    for (const [task, collector] of Object.entries(collectors)) {
      if (!isWanted(task)) continue;
      const { labels, weights } = labelsOf(batch, task);
      const width = predictionWidth(tasks[task]!);
      collector.add(labels, new Float64Array(labels.length * width).fill(1 / (width + 1)), weights);
    }
  }
  const predictions = mapValues(collectors, (collector) => collector.collected());
  await fitCalibrated(tasks, plan, predictions);
  return plan;
}
