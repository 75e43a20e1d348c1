import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * An npm registry on this machine. It holds the packages that are published there. All other packages come through it, from
 * the registry that npm is configured for.
 *
 * @typedef {object} LocalRegistry
 * @property {string} url
 * @property {NodeJS.ProcessEnv} env the environment of an outsider whose npm, npx and pnpm use this registry
 * @property {(source: string) => void} publish publishes a package's directory or tarball, as the latest version
 * @property {() => Promise<void>} stop ends the server and deletes its files
 */

/**
 * Starts an empty registry on a free port, and publishes packages there. They must have been built.
 *
 * @param {{ packages?: readonly string[] }} [options] packages: their directories or tarballs
 * @returns {Promise<LocalRegistry>}
 * @example
 * const { env, stop } = await startRegistry({ packages: packages().map(({ directory }) => directory) });
 * spawnSync('npm', ['install', 'polytask'], { cwd: project, env });
 * await stop();
 */
export async function startRegistry({ packages = [] } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'polytask-registry-'));
  const upstream = npmSetting('registry');
  // A thread answers while this one waits for npm, and ends with this process, however that ends.
  const server = new Worker(new URL('server.js', import.meta.url), { workerData: { upstream } });
  const stop = async () => {
    await server.terminate();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const [port] = await once(server, 'message');
    const url = `http://127.0.0.1:${port}/`;
    const env = outsider(url, directory);
    /** @param {string} source */
    const publish = (source) => {
      const npm = ['publish', source, '--ignore-scripts', '--loglevel=error'];
      execFileSync('npm', npm, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    };
    packages.forEach(publish);
    return { url, env, publish, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param {string} name */
const npmSetting = (name) => execFileSync('npm', ['config', 'get', name], { encoding: 'utf8' }).trim();

/**
 * The environment of a user of the registry at `url`: without what `npm run` adds for this repository, that is its settings,
 * and its commands in the PATH.
 * @param {string} url @param {string} directory for the user's files @returns {NodeJS.ProcessEnv}
 */
function outsider(url, directory) {
  // npx keeps what it installs by name and version alone: another build of the same version needs another place.
  const [cache, downloads] = [join(directory, 'npm'), join(npmSetting('cache'), '_cacache')];
  for (const folder of [cache, downloads]) mkdirSync(folder, { recursive: true });
  symlinkSync(downloads, join(cache, '_cacache'), 'junction');
  const settings = [
    `registry=${url}`,
    `${url.replace('http:', '')}:_authToken=anyone`, // npm publishes only with a token
    `cache=${cache}`,
    'update-notifier=false',
  ];
  const userConfig = join(directory, 'npmrc');
  writeFileSync(userConfig, settings.join('\n'));
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|pnpm_|init_cwd$)/i.test(name));
  const path = process.env['PATH']?.split(delimiter).filter((folder) => !folder.includes('node_modules'));
  return { ...Object.fromEntries(kept), PATH: path?.join(delimiter), npm_config_userconfig: userConfig };
}
