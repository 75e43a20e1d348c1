import { adatt } from '@polytask/adatt';
import { binary, denseSchema, multiTaskModel, parseJson, readSafetensors, writeSafetensors } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { checkConfiguration, configurationOf, fromReference, toReference } from '@polytask/reference';
import type { FaultFormat } from '../format.ts';
import { withModel } from './models.ts';
import { jsonBytes, textOf } from './temporary-files.ts';

/** A configuration and a state dict of the authors' library. */
export const referenceCase: FaultFormat = {
  name: 'reference case',
  sealed: false,
  async example() {
    const model = multiTaskModel({
      schema: denseSchema(3, { task0: binary(), task1: binary() }),
      network: adatt({ levels: [{ experts: mlp([4]), perTask: 2, shared: 1 }] }),
      tower: mlp([3]),
      seed: 1,
    });
    const [configuration, tensors] = [configurationOf(model), toReference(model)];
    model.dispose();
    return { 'case.json': jsonBytes(configuration), 'case.safetensors': writeSafetensors(tensors) };
  },
  async load(files) {
    const configuration = parseJson(files['case.json']!, 'a configuration as JSON in case.json');
    checkConfiguration(configuration);
    const { tensors } = readSafetensors(files['case.safetensors']!, 'case.safetensors');
    return withModel(fromReference(configuration, tensors), (model) => textOf(model.predict([{ x: [0.5, -1, 2] }])));
  },
};
