import { Command } from 'commander';
import { adviceOn } from '../doctor/advice.ts';
import { examineEngines, type Facts, examineMachine } from '../doctor/facts.ts';
import { examineInstallations } from '../doctor/packages.ts';
import { renderDiagnosis } from '../doctor/render-diagnosis.ts';
import { hasColors, type Io } from './io.ts';
import { jsonOption } from './shared-options.ts';

/**
 * `polytask doctor` looks at the installation: versions, engines, and what would be faster.
 *
 * @param onFault called when something is wrong
 */
export const doctorCommand = ({ stdout }: Io, onFault: () => void): Command =>
  new Command('doctor')
    .addOption(jsonOption('{ machine, installations, engines, advice }'))
    .action(async ({ json }: { json?: boolean }) => {
      const machine = examineMachine(); // before the engines take memory
      const facts: Facts = { machine, installations: examineInstallations(), engines: await examineEngines() };
      const advice = adviceOn(facts);
      const text = json
        ? `${JSON.stringify({ ...facts, advice }, null, 2)}\n`
        : renderDiagnosis(facts, advice, hasColors(stdout));
      stdout.write(text);
      if (advice.some(({ kind }) => kind === 'wrong')) onFault();
    });
