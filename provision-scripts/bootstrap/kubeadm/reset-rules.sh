# shellcheck shell=bash
# The rules of kube-proxy and of the kubelet. Chains of the plugin `portmap` begin with CNI-.
remove_rules KUBE- CNI-
remove_tables kube-proxy
remove_sets '^KUBE-'
remove_links '^(kube-ipvs0|nodelocaldns)$'
