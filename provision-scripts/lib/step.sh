# shellcheck shell=bash

# step N/T TITLE: tells where the provisioner is.
step() {
  printf '==> step %s %s\n' "$1" "$2"
}
