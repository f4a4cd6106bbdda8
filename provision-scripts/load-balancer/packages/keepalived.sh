# shellcheck shell=bash
install_packages keepalived curl
place check-api 0755 /usr/local/bin/check-api
place keepalived-restart.conf 0644 /etc/systemd/system/keepalived.service.d/restart.conf

# keepalived uses eight characters of the password. The file that holds it is for root alone. Of the peers, the
# machine itself is left out.
password=$(cat /tmp/k8slab/secrets/load-balancer/vrrp-password)
text=$(grep --invert-match --line-regexp --extended-regexp " +${NODE_ADDRESS//./\\.}" /tmp/k8slab/files/keepalived.conf)
text=${text//@VRRP_PASSWORD@/${password:0:8}}
place_text 0600 /etc/keepalived/keepalived.conf <<<"${text//@INTERFACE@/$(interface_of "$NODE_ADDRESS")}"
keepalived --config-test --use-file /etc/keepalived/keepalived.conf
run_service keepalived.service /etc/keepalived/keepalived.conf /usr/local/bin/check-api
