import { Command } from 'commander';
import { adviceOn } from '../doctor/advice.ts';
import { examineEngines, type Facts, examineMachine } from '../doctor/facts.ts';
import { examineInstallations } from '../doctor/packages.ts';
import { renderDiagnosis } from '../doctor/render-diagnosis.ts';
import { hasColors, type Invocation, writeFound } from './io.ts';
import { jsonOption } from './shared-options.ts';

/** `polytask doctor` looks at the installation: versions, engines, and what would be faster. The exit code is 1 if something is wrong. */
export const command = ({ stdout, exit }: Invocation): Command =>
  new Command('doctor')
    .addOption(jsonOption('{ machine, installations, engines, advice }'))
    .action(async ({ json }: { json?: boolean }) => {
      const machine = examineMachine(); // before the engines take memory
      const facts: Facts = { machine, installations: examineInstallations(), engines: await examineEngines() };
      const advice = adviceOn(facts);
      writeFound({ stdout }, json, { ...facts, advice }, () => renderDiagnosis(facts, advice, hasColors(stdout)));
      if (advice.some(({ kind }) => kind === 'wrong')) exit(1);
    });
