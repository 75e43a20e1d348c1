import '@tensorflow/tfjs';
import { PolytaskError } from '@polytask/core';
import { describe, expect, it } from 'vitest';
import { numbersCases, numbersEngines, trainCase } from './numbers.ts';

describe.each(Object.entries(numbersEngines))('%s', (_, engine) => {
  it.each(numbersCases.filter(({ slow }) => !slow))('$name: finite predictions, or an error of ours', async (each) => {
    const outcome = await trainCase(each, engine()).catch((error: unknown) => error);
    if (Array.isArray(outcome)) {
      expect(outcome).toHaveLength(each.rows.length * Object.keys(each.tasks).length);
      expect(outcome.filter((value) => !Number.isFinite(value))).toEqual([]);
    } else {
      expect(outcome).toBeInstanceOf(PolytaskError);
    }
  });
});
