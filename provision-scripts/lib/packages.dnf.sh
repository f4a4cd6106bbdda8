# shellcheck shell=bash

# dnf_get ARGUMENT…: dnf that asks nothing and installs only what is needed. It waits for another one's lock by itself.
dnf_get() {
  dnf --quiet --assumeyes --setopt=install_weak_deps=False --setopt=retries=10 "$@" </dev/null
}

# update_packages: forgets the repositories' package lists, so that they are read anew.
update_packages() {
  retry 5 dnf_get makecache --refresh
}

# has_package NAME[=VERSION]: whether it is installed; VERSION may end in *.
has_package() {
  local name=${1%%=*} version='*' installed
  case $1 in *=*) version=${1#*=} ;; esac
  installed=$(rpm --query --queryformat '%{VERSION}-%{RELEASE}\n' --whatprovides "$name" 2>/dev/null) || return 1
  # shellcheck disable=SC2053 # the version is a pattern
  [[ $installed == $version ]]
}

# install_packages NAME[=VERSION]…: installs what is missing, also what a repository's `exclude` line protects.
install_packages() {
  local package missing=()
  for package in "$@"; do
    has_package "$package" || missing+=("${package/=/-}")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  systemctl stop --quiet dnf-makecache.timer 2>/dev/null || true
  printf '    installing %s\n' "${missing[*]}"
  retry 3 dnf_get install --disableexcludes=all "${missing[@]}"
}
