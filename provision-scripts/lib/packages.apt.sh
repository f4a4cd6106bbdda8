# shellcheck shell=bash

# apt_get ARGUMENT…: apt-get that asks nothing, keeps our configuration files and waits for another one's lock.
apt_get() {
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get --quiet=2 --yes \
    -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 \
    -o DPkg::Options::=--force-confdef -o DPkg::Options::=--force-confold -o Dpkg::Use-Pty=0 "$@" </dev/null
}

# The daily timers would take apt's lock now, right after the first boot.
stop_daily_updates() {
  systemctl stop --quiet apt-daily.timer apt-daily-upgrade.timer 2>/dev/null || true
}

# update_packages: reads the repositories' package lists anew.
update_packages() {
  stop_daily_updates
  retry 5 apt_get update
  install -D --mode 0644 /dev/null /var/lib/k8slab/package-lists
}

# update_repository FILE: reads the lists of one repository anew, the others stay as they are.
update_repository() {
  stop_daily_updates
  retry 5 apt_get update -o Dir::Etc::sourcelist="$1" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=false
}

# has_package NAME[=VERSION]: whether it is installed; VERSION may end in *.
has_package() {
  local name=${1%%=*} version='*'
  case $1 in *=*) version=${1#*=} ;; esac
  # shellcheck disable=SC2053 # the version is a pattern
  [[ $(dpkg-query --show --showformat '${db:Status-Status} ${Version}' "$name" 2>/dev/null) == "installed "$version ]]
}

# install_packages NAME[=VERSION]…: installs what is missing. Lists older than a day are read anew first, unless those that
# are there tell where everything comes from.
install_packages() {
  local package missing=()
  for package in "$@"; do
    has_package "$package" || missing+=("$package")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  # An installation that was cut off, by a power failure say, is completed first.
  DEBIAN_FRONTEND=noninteractive dpkg --configure -a --force-confdef --force-confold >/dev/null </dev/null
  local install=(apt_get install --no-install-recommends --allow-change-held-packages --allow-downgrades)
  if [ -z "$(find /var/lib/k8slab/package-lists -newermt '1 day ago' 2>/dev/null)" ] &&
    ! "${install[@]}" --simulate "${missing[@]}" >/dev/null 2>&1; then
    update_packages
  fi
  printf '    installing %s\n' "${missing[*]}"
  "${install[@]}" "${missing[@]}" && return 0
  update_packages
  retry 3 "${install[@]}" "${missing[@]}"
}
