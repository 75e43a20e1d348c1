/**
 * A command of a guide as the check runs it: it takes seconds, downloads nothing, and ends.
 *
 * Downloaded data are synthetic tasks. An installation is resolved and not made. A service goes on in the background: its process is in
 * `service.pid`, and the command ends when the service is ready.
 *
 * @param {string} command @param {number} port a free port, in place of 8080 @returns {string} text for bash
 * @example docsCommand('polytask bench census-income --data data/census --seeds 5', 4000) // 'polytask bench synthetic --seeds 2'
 */
export function docsCommand(command, port) {
  const text = command
    .replace(/\bnpm install (.*)/, 'mkdir -p empty && npm install --prefix empty --dry-run $1')
    .replace(/\b(census-income|paper-table-5)( --data \S+)/, 'synthetic')
    .replace(/ --data data\/census\b/, '')
    .replace(/ --seeds \d+\b/, ' --seeds 2')
    .replace(/\bpolytask (split|verify)\b/, '$& --limit-rows 200')
    .replace(/\bcurl -s\b/, 'curl -sf')
    .replaceAll('8080', String(port));
  return /\bpolytask serve\b/.test(text) ? inBackground(text.replace('npx ', 'node_modules/.bin/'), port) : text;
}

/** @param {string} command @param {number} port */
const inBackground = (command, port) => `${command.replace(/\s*#.*/, '')} > service.log 2>&1 &
echo $! > service.pid
until curl -sf -o /dev/null http://127.0.0.1:${port}/ready; do
  kill -0 $! || { cat service.log; exit 1; }
  sleep 0.2
done`;
