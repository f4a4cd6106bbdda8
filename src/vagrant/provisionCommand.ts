import { markerFile } from './probe.js';
import { shellQuote } from './shell.js';

/** Exit status of the command when another provisioner holds the machine. */
export const busyStatus = 75;

/** Where a machine that was reset says when. */
export const resetFile = '/var/lib/k8slab/reset';

/**
 * The command that sets a machine up, or resets it (`script`), with everything it needs coming in on standard input: first `size`
 * bytes of tar, then nothing, but the input stays open as a lifeline. When it ends early (Ctrl-C on the host,
 * a lost connection), the provisioner on the machine is ended too, so that the next attempt does not meet it.
 *
 * On success the machine remembers the hash of what it was set up with, if one is given; from the first step on until then it
 * remembers nothing. The secrets are removed however it ends.
 */
export function provisionCommand(size: number, hash?: string, script = 'provision.sh'): string {
  const remember =
    hash === undefined
      ? ''
      : `if [ "$status" -eq 0 ]; then
  mkdir -p /var/lib/k8slab
  echo ${hash} >${markerFile}.new
  mv ${markerFile}.new ${markerFile}
fi
`;
  const text = `
set -eu
trap '' HUP PIPE
exec 3<&0
exec 8>/run/k8slab-provision.lock
flock -w 20 8 || { echo "another provisioner runs on this machine" >&2; exit ${busyStatus}; }
umask 077
rm -rf /tmp/k8slab
mkdir /tmp/k8slab
head -c ${size} <&3 | tar -x -p -f - -C /tmp/k8slab
rm -f ${markerFile} ${resetFile}
umask 022
(trap - HUP PIPE; exec setsid bash /tmp/k8slab/${script} </dev/null 3<&- 8>&-) &
provisioner=$!
(
  cat <&3
  kill -TERM -"$provisioner"
  sleep 5
  kill -KILL -"$provisioner"
) >/dev/null 2>&1 8>&- &
lifeline=$!
status=0
wait "$provisioner" || status=$?
kill "$lifeline" 2>/dev/null || true
rm -rf /tmp/k8slab/secrets
${remember}exit "$status"
`;
  return `sudo -n sh -c ${shellQuote(text)}`;
}

/**
 * The command that only puts everything a machine is set up with into its places below /tmp/k8slab, secrets included, and runs
 * nothing: the steps are taken by hand. They stay there until the machine is set up by k8slab, or starts again.
 */
export function deliverCommand(size: number): string {
  const text = `
set -eu
exec 8>/run/k8slab-provision.lock
flock -w 20 8 || { echo "another provisioner runs on this machine" >&2; exit ${busyStatus}; }
umask 077
rm -rf /tmp/k8slab
mkdir /tmp/k8slab
head -c ${size} | tar -x -p -f - -C /tmp/k8slab
chmod 0755 /tmp/k8slab
rm -f ${markerFile}
`;
  return `sudo -n sh -c ${shellQuote(text)}`;
}
