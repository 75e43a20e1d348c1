import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256Of } from './data-manifest.ts';

/** A module with code, by its content. */
export interface ModuleIdentity {
  /** The path inside `node_modules`, or the name of the file. */
  readonly name: string;
  /** SHA-256 of the file. Files that it imports are not part of it. */
  readonly sha256: string;
}

/** Identifies the module of a file URL or path. */
export async function identityOf(urlOrPath: string): Promise<ModuleIdentity> {
  const file = urlOrPath.startsWith('file:') ? fileURLToPath(urlOrPath) : urlOrPath;
  const inPackage = file.split(/[\\/]node_modules[\\/]/).at(-1)!;
  return { name: inPackage === file ? path.basename(file) : inPackage, sha256: await sha256Of(file) };
}
