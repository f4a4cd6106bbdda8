# shellcheck shell=bash
install_packages haproxy
haproxy -c -q -f /tmp/k8slab/files/haproxy.cfg
place haproxy.cfg 0644 /etc/haproxy/haproxy.cfg
run_service haproxy.service /etc/haproxy/haproxy.cfg
