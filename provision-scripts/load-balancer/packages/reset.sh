# shellcheck shell=bash
# keepalived first: it gives the shared address back when it is asked to end.
stop_units keepalived.service haproxy.service
remove_files /etc/keepalived/keepalived.conf /etc/haproxy/haproxy.cfg /usr/local/bin/check-api \
  /etc/systemd/system/keepalived.service.d
systemctl daemon-reload
