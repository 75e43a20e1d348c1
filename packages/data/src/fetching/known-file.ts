import { nodeModule } from '../platform/node-module.ts';

/** A published file: its name and the sha256 of its exact text, unpacked. */
export interface KnownFile {
  readonly name: string;
  readonly sha256: string;
}

/** How a file may be packed, in the order in which it is looked for. */
export const ENDINGS = ['.gz', '.br', ''] as const;

/** The path of a file in a directory, however it is packed; undefined where it is not there. */
export function findFile(directory: string, { name }: KnownFile): string | undefined {
  const { existsSync } = nodeModule('node:fs', `reading ${name}`);
  const { join } = nodeModule('node:path', `reading ${name}`);
  return ENDINGS.map((ending) => join(directory, name + ending)).find((path) => existsSync(path));
}
