# shellcheck shell=bash
remove_pods
remove_files /var/lib/cni
