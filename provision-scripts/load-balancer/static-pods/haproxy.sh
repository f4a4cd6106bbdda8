# shellcheck shell=bash
place haproxy.cfg 0644 /etc/haproxy/haproxy.cfg

sum=$(sha256sum /etc/haproxy/haproxy.cfg)
text=$(cat /tmp/k8slab/files/haproxy.yaml)
place_text 0600 /etc/kubernetes/manifests/haproxy.yaml <<<"${text//@CONFIGURATION@/${sum%% *}}"
refresh_pod haproxy /etc/haproxy/haproxy.cfg
