# shellcheck shell=bash
give_kubeconfigs
