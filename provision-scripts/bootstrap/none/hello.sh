# shellcheck shell=bash
place hello-container 0755 /usr/local/bin/hello-container
place hello.service 0644 /etc/systemd/system/hello.service
run_service hello.service /etc/systemd/system/hello.service /usr/local/bin/hello-container \
  /srv/hello/bin/busybox /etc/cni/net.d/10-k8slab.conflist

hello_answers() {
  hello_address=$(hello-container address)
  [ -n "$hello_address" ] && curl --fail --silent --max-time 2 "http://$hello_address/"
}
if ! wait_for 60 "the container hello" hello_answers; then
  journalctl --unit hello.service --lines 20 --no-pager >&2
  exit 1
fi
hello_answers
