# shellcheck shell=bash
install_packages ca-certificates curl gnupg2 hostname iproute iptables-nft kmod procps-ng tar
