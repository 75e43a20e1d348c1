# The steps that .ci/run and .ci/check-all take. Each shows its output; a step that fails doesn't stop the others.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CI=true NX_SKIP_NX_CACHE=true NX_NO_CLOUD=true NX_DEFAULT_OUTPUT_STYLE=static
export ONNXRUNTIME_NODE_INSTALL=skip # its npm package already holds the CPU kernels

passed=0
failed=0
failures=()
times=()

# ended SECONDS COMMAND
ended() {
  times+=("$(printf '%5s s  %s' "$1" "$2")")
  printf '── %s: %s s\n' "$2" "$1"
}

step() {
  local start=$SECONDS
  printf '\n── %s\n' "$*"
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)) failures+=("$*"); fi
  ended $((SECONDS - start)) "$*"
}

# Runs tests, of which each counts by itself. A command with options for Vitest has its own --.
tests() {
  local start=$SECONDS report status tests_passed tests_failed separator=--
  case " $* " in *' -- '*) separator= ;; esac
  report=$(mktemp)
  printf '\n── %s\n' "$*"
  "$@" $separator --reporter=default --reporter=json --outputFile.json="$report"
  status=$?
  read -r tests_passed tests_failed < <(node scripts/test-counts.js "$report")
  [ -z "${SLOWEST:-}" ] || node scripts/test-counts.js "$report" --slowest "$SLOWEST"
  rm -f "$report"
  [ "$status" -eq 0 ] || [ "$tests_failed" -gt 0 ] || tests_failed=1
  [ "$tests_failed" -eq 0 ] || failures+=("$*")
  ended $((SECONDS - start)) "$*: $tests_passed passed, $tests_failed failed"
  passed=$((passed + tests_passed))
  failed=$((failed + tests_failed))
}

# Installs Debian's packages.
debian() {
  local root=''
  [ "$(id -u)" -eq 0 ] || root=sudo
  $root apt-get update && $root apt-get install -y --no-install-recommends "$@"
}

# The path of a Chromium, which is installed where there is none.
chromium() {
  type -P chromium || type -P google-chrome && return
  debian chromium >&2
  type -P chromium
}

# Has Firefox and MiniBrowser, which has the engine of Safari.
other_browsers() {
  debian firefox-esr webkit2gtk-driver xvfb
}

# Has a client for notebooks.
jupyter_client() {
  type -P jupyter-nbconvert || debian jupyter-nbconvert
}

# Has a Redis server and `ip`, which are installed where there are none.
redis() {
  type -P redis-server && type -P ip && return
  debian redis-server iproute2
}

# Runs a command as root: network namespaces need it.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo --preserve-env env "PATH=$PATH" "$@"; fi
}

# Says how long each step took, what failed, and ends with the line `N passed, N failed`.
finish() {
  printf '\n'
  printf '%s\n' "${times[@]}"
  for failure in "${failures[@]:-}"; do [ -z "$failure" ] || printf 'failed: %s\n' "$failure"; done
  printf '%s passed, %s failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
  exit
}
