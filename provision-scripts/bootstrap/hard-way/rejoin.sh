# shellcheck shell=bash
# etcdctl lists a member's client address once it has started: who is listed with one and has no data has lost it. Before the
# first start nobody answers, or knows such an address.
if [ ! -e /var/lib/etcd/member ]; then
  pki=/etc/kubernetes/pki/etcd
  while read -r address name; do
    if [ "$address" = "$NODE_ADDRESS" ]; then continue; fi
    other=(etcdctl --endpoints "https://$address:2379" --dial-timeout 2s --command-timeout 5s
      --cacert "$pki/ca.crt" --cert "$pki/server.crt" --key "$pki/server.key")
    members=$("${other[@]}" member list 2>/dev/null) || continue
    listed=$(grep --fixed-strings "https://$NODE_ADDRESS:2380," <<<"$members" || true)
    if [ -n "$listed" ] && [[ $listed != *"https://$NODE_ADDRESS:2379,"* ]]; then break; fi
    printf '    the cluster goes on without this machine: %s answers\n' "$name"
    printf '[Service]\nEnvironment=ETCD_INITIAL_CLUSTER_STATE=existing\n' |
      place_text 0644 /etc/systemd/system/etcd.service.d/rejoins.conf
    systemctl daemon-reload
    if [ -n "$listed" ]; then "${other[@]}" member remove "${listed%%,*}"; fi
    "${other[@]}" member add "$MACHINE" --peer-urls "https://$NODE_ADDRESS:2380" >/dev/null
    break
  done <<<"$CONTROL_PLANES"
fi
