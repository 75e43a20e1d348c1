import { adviceOn } from '../doctor/advice.ts';
import { examineEngines, examineMachine, examineInstallations } from '../doctor/facts.ts';
import { renderDiagnosis } from '../doctor/render-diagnosis.ts';
import { defineCommand } from './command.ts';
import { hasColors } from './io.ts';
import * as shared from './shared-options.ts';

export const command = defineCommand({
  options: { json: shared.json('{ machine, installations, engines, advice }') },
  async run() {
    const machine = examineMachine(); // before the engines take memory
    const facts = { machine, installations: examineInstallations(), engines: await examineEngines() };
    return { ...facts, advice: adviceOn(facts) };
  },
  document: ({ advice, ...facts }, _, { stdout }) => renderDiagnosis(facts, advice, hasColors(stdout)),
  finish({ advice }, _, { exit }) {
    if (advice.some(({ kind }) => kind === 'wrong')) exit(1);
  },
});
