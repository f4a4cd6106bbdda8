# shellcheck shell=bash
# The folders of secrets are laid out as /etc/kubernetes is: those of the role, then those of this machine alone.
install --directory --mode 0755 /etc/kubernetes
install --directory --mode 0700 /etc/kubernetes/pki
for group in node control-plane "machine-$MACHINE"; do
  secrets=/tmp/k8slab/secrets/$group
  [ -d "$secrets" ] || continue
  while read -r file; do
    place_text 0600 "/etc/kubernetes/$file" <"$secrets/$file"
  done < <(cd "$secrets" && find . -type f -printf '%P\n' | sort)
done
if [ ! -s /etc/kubernetes/kubelet.conf ]; then
  echo 'The secrets did not reach this machine. Run: k8slab render && k8slab provision' >&2
  exit 1
fi
