/**
 * The compilers and settings under which a user's program must compile.
 *
 * @typedef {{ name: string, compiler: string, options: Record<string, unknown> }} Setting
 */

/** Versions of TypeScript, by the names under which a project installs them. */
export const COMPILERS = { typescript5: 'npm:typescript@5.9', typescript7: 'npm:typescript@7.0' };

/** The first is a program for Node alone: it has no types of the DOM. */
const PROGRAMS = [
  { module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2023'] },
  { module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2023', 'dom'] },
  { module: 'esnext', moduleResolution: 'bundler', lib: ['es2023', 'dom'] },
];

/** @type {readonly Setting[]} */
export const SETTINGS = Object.entries(COMPILERS).flatMap(([compiler, version]) =>
  PROGRAMS.flatMap((program) =>
    [true, false].map((skipLibCheck) => ({
      name: `${version.slice('npm:'.length)}, ${program.moduleResolution}, ${program.lib.join(' and ')}, skipLibCheck ${skipLibCheck}`,
      compiler,
      options: { ...program, skipLibCheck },
    })),
  ),
);

/**
 * Declarations with errors of their own. Those of sql.js ask for the DOM. TF.js 4.22 is its last release, so they stay: tfjs-core asks for a global `Long` and for the
 * DOM, and tfjs-layers extends what it can't. tfjs-core's @webgpu/types and the DOM of TypeScript 7 declare the same things, which is
 * an error in both.
 */
const FAULTY = [
  /^node_modules\/@tensorflow\//,
  /^node_modules\/@webgpu\/types\//,
  /^node_modules\/@types\/emscripten\//,
  /^node_modules\/@typescript\/[^/]+\/lib\/lib\.dom\.d\.ts/,
];

/**
 * What is wrong after `tsc --pretty false`: the errors that count, or why the compiler didn't run. With skipLibCheck all errors count.
 * @param {{ status: number | null, stdout: string, stderr: string }} result @param {Setting} setting @returns {string} '' if nothing is
 */
export function errorsThatCount({ status, stdout, stderr }, { options }) {
  const errors = stdout.split(/\n(?! )/).filter((error) => error.trim());
  if (status !== 0 && errors.length === 0) return stderr || `exit code ${status}`;
  return errors.filter((error) => options['skipLibCheck'] || !FAULTY.some((place) => place.test(error))).join('\n');
}
