# shellcheck shell=bash
install_packages ca-certificates curl gnupg iproute2 iptables kmod procps
