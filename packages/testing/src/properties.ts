import { createSpec, type Traits } from '@polytask/components';
import { broken } from './cases/case.ts';
import {
  checkCompiledGradients,
  checkCompiledLogits,
  checkCompiledTrajectory,
  checkLearning,
} from './checks/engines.ts';
import { checkBothEngines, checkResumed } from './checks/fits.ts';
import { checkReach, checkSlopes } from './checks/gradients.ts';
import { checkInModels } from './checks/in-models.ts';
import { checkLeaks } from './checks/leaks.ts';
import { checkJson, checkSaving, checkSeeds, checkStreams } from './checks/repeatable.ts';
import {
  checkAddedLosses,
  checkMasks,
  checkPredicting,
  checkRows,
  checkUnreadLabels,
  checkWeights,
} from './checks/rows.ts';
import { property, type Property, type Subject } from './subject.ts';
import { newProcess } from './way/new-process.ts';
import { wholeWay } from './way/whole-way.ts';

/** An option that a component doesn't have is an error, as a misspelled one would train something else. */
function checkUnknownOption({ spec }: Pick<Subject, 'spec'>): void {
  try {
    createSpec(spec.kind, spec.name, { ...(spec.config as object), 'no such option': 1 });
  } catch {
    return;
  }
  broken({
    expected: 'an error for an option that it does not have',
    seen: 'a spec',
    fix: 'Describe the options in `options`, and let the definition read them.',
  });
}

const smooth = ({ estimated = false }: Traits): boolean => !estimated;

/** With the modules of a deployment, the same promise has more steps. */
export const WAY = 'predictions stay the same: CSV, fit, save, load';

/** What every component promises, of whatever kind. */
export const PROPERTIES: readonly Property[] = [
  property('its spec is plain JSON and says all', ['numbers'], checkJson),
  property('an option that it does not have is an error', ['numbers'], checkUnknownOption),
  property('one seed, one start', ['probe'], checkSeeds),
  property('all chance comes from the seed', ['probe'], ({ probe }) => checkStreams(probe)),
  property('gradients reach every weight', ['probe'], ({ probe, reachesInputs: inputs = false }) =>
    checkReach(probe, { inputs }),
  ),
  property(
    'gradients agree with finite differences',
    ['probe'],
    ({ probe, tried = 4 }) => checkSlopes(probe, { tried }),
    smooth,
  ),
  property('it leaves no tensor behind', ['probe'], ({ probe }) => checkLeaks(probe)),
  property('a row has the same outputs alone and in a batch', ['model'], ({ model }) => checkRows(model)),
  property(
    'it predicts what it trains',
    ['model'],
    ({ model }) => checkPredicting(model),
    ({ trainsOtherwise = false }) => !trainsOtherwise,
  ),
  property('labels change no outputs', ['model'], ({ model }) => checkUnreadLabels(model)),
  property('a weight of 2 is a row twice', ['model'], ({ model }) => checkWeights(model)),
  property('its losses do not grow with the batch', ['model'], ({ model }) => checkAddedLosses(model)),
  property('missing labels and rows of weight 0 leave all else as it is', ['model'], ({ model }) => checkMasks(model)),
  property('it works in models of one, two and three tasks', ['model'], ({ model }) => checkInModels(model)),
  property('it learns', ['model'], ({ model }) => checkLearning(model)),
  property('saved and loaded it gives the same numbers', ['model'], ({ model }) => checkSaving(model)),
  property('compiled it has the gradients that it has eagerly', ['model', 'compiled'], ({ model }) =>
    checkCompiledGradients(model),
  ),
  property('compiled it predicts the same', ['model', 'compiled'], ({ model }) => checkCompiledLogits(model)),
  property('compiled it learns as it does eagerly', ['model', 'compiled'], ({ model }) =>
    checkCompiledTrajectory(model),
  ),
  property('a fit is finite, and the same on both engines', ['fit'], ({ fit, compiled }) =>
    checkBothEngines(fit, compiled),
  ),
  property('a killed fit goes on bit for bit', ['fit'], ({ fit }) => checkResumed(fit)),
  property(WAY, ['way'], ({ way }) => wholeWay(way())),
  property('a new process trains and predicts the same', ['way', 'modules', 'compiled'], ({ way, modules }) =>
    newProcess(way(), modules),
  ),
];
