import os from 'node:os';
import type { MachineFacts } from './facts.ts';

/** Looks at the machine that this process runs on. */
export function examineMachine(): MachineFacts {
  const limit = process.constrainedMemory() || Infinity; // 0 or undefined: unknown
  const total = Math.min(limit, os.totalmem());
  return {
    node: process.versions.node,
    system: `${os.platform()} ${os.release()} ${os.arch()}`,
    glibc: os.platform() !== 'linux' || hasGlibc(),
    processor: os.cpus()[0]?.model.trim().replace(/\s+/g, ' ') || 'of unknown name',
    cores: os.availableParallelism(),
    memory: { total, free: Math.min(total, os.freemem()) },
  };
}

function hasGlibc(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}
