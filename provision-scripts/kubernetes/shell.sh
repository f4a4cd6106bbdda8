# shellcheck shell=bash
install_packages bash-completion
completion=/etc/bash_completion.d/kubectl
if [ ! "$completion" -nt "$(command -v kubectl)" ]; then
  kubectl completion bash | place_text 0644 "$completion"
fi
