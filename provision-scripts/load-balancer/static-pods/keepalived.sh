# shellcheck shell=bash
place check-api 0755 /usr/local/bin/check-api

# keepalived uses eight characters of the password. The file that holds it is for root alone. Of the peers, the
# machine itself is left out.
password=$(cat /tmp/k8slab/secrets/load-balancer/vrrp-password)
text=$(grep --invert-match --line-regexp --extended-regexp " +${NODE_ADDRESS//./\\.}" /tmp/k8slab/files/keepalived.conf)
text=${text//@VRRP_PASSWORD@/${password:0:8}}
place_text 0600 /etc/keepalived/keepalived.conf <<<"${text//@INTERFACE@/$(interface_of "$NODE_ADDRESS")}"

sum=$(cat /etc/keepalived/keepalived.conf /usr/local/bin/check-api | sha256sum)
text=$(cat /tmp/k8slab/files/keepalived.yaml)
place_text 0600 /etc/kubernetes/manifests/keepalived.yaml <<<"${text//@CONFIGURATION@/${sum%% *}}"
refresh_pod keepalived /etc/keepalived/keepalived.conf /usr/local/bin/check-api
