# shellcheck shell=bash
# API server, etcd, kubelet, kube-proxy, controller manager, scheduler; haproxy in front of API servers.
listening=$(ss --no-header --listening --tcp --numeric --processes \
  '( sport = :6443 or sport = :6444 or sport = :8443 or sport = :2379 or sport = :2380 or sport = :10250 or sport = :10256 or sport = :10257 or sport = :10259 )')
if [ -n "$listening" ]; then
  printf 'Something still listens on ports of Kubernetes:\n%s\n' "$listening" >&2
  exit 1
fi
mkdir -p /var/lib/k8slab
date --utc +%Y-%m-%dT%H:%M:%SZ >/var/lib/k8slab/reset
ip -brief -4 address show
echo "$MACHINE is bare: what is left are its packages, its names and its settings"
