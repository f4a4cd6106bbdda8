# shellcheck shell=bash
stop_units hello.service
remove_files /etc/systemd/system/hello.service /usr/local/bin/hello-container /srv/hello
systemctl daemon-reload
