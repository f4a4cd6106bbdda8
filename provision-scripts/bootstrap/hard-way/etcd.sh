# shellcheck shell=bash
install --directory --mode 0700 /var/lib/etcd
unit=/etc/systemd/system/etcd.service
before=$(cksum "$unit" 2>/dev/null || true)
place etcd.service 0644 "$unit"
if [ "$before" != "$(cksum "$unit")" ]; then
  systemctl daemon-reload
  systemctl stop etcd.service
fi
# The unit is ready when a majority of the members is, and that may take the others a while: hence --no-block.
systemctl enable --quiet etcd.service
systemctl start --no-block etcd.service

etcd_healthy() {
  etcdctl --endpoints https://127.0.0.1:2379 --cacert /etc/kubernetes/pki/etcd/ca.crt \
    --cert /etc/kubernetes/pki/etcd/server.crt --key /etc/kubernetes/pki/etcd/server.key endpoint health
}
wait_for 600 "etcd, which takes a majority of: ${CONTROL_PLANES//$'\n'/, }" etcd_healthy
