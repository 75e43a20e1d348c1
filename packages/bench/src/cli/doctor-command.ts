import { adviceOn } from '../doctor/advice.ts';
import { examineEngines, examineMachine, examineInstallations } from '../doctor/facts.ts';
import { renderDiagnosis } from '../doctor/render-diagnosis.ts';
import { defineCommand } from './command.ts';
import { hasColors } from './io.ts';
import * as shared from './shared-options.ts';

export const command = defineCommand({
  options: { json: shared.json('{ machine, installations, engines, findings }') },
  async run() {
    const machine = examineMachine(); // before the engines take memory
    const facts = { machine, installations: examineInstallations(), engines: await examineEngines() };
    return { ...facts, findings: adviceOn(facts) };
  },
  document: ({ findings, ...facts }, _, { stdout }) => renderDiagnosis(facts, findings, hasColors(stdout)),
  finish({ findings }, _, { exit }) {
    if (findings.some(({ severity }) => severity === 'warning')) exit(1);
  },
});
