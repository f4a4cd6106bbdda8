# shellcheck shell=bash
install_packages bash-completion
kubectl completion bash | place_text 0644 /etc/bash_completion.d/kubectl
