# shellcheck shell=bash
# Read at every pull: nothing has to be restarted.
place hosts.toml 0644 /etc/containerd/certs.d/_default/hosts.toml
printf '    images come from %s first\n' "$MIRROR"
