import { expect, it } from 'vitest';
import * as everything from './index.ts';

it('leaves out in a page what needs Node', async () => {
  const inPage = Object.keys(await import('./browser.ts'));
  const inNode = [
    ...['autoTrain', 'calibrateFolder', 'diagnoseFolder', 'evaluateFile', 'explain', 'explainFileRows', 'measureDrift'],
    ...['predictFile', 'predictStream', 'serve', 'tradeOffs', 'train', 'whichTogether'],
  ];
  expect([...inPage, ...inNode].sort()).toEqual(Object.keys(everything).sort());
});
