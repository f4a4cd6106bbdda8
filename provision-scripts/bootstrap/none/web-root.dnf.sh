# shellcheck shell=bash
# busybox is in EPEL, the additional packages of Fedora for this distribution.
if ! has_package busybox; then
  install_packages epel-release
  install_packages busybox
fi
busybox=$(command -v busybox)
if ! cmp --silent "$busybox" /srv/hello/bin/busybox; then
  mkdir -p /srv/hello/{bin,dev,etc,proc,sys,tmp,www}
  install --mode 0755 "$busybox" /srv/hello/bin/busybox
  chroot /srv/hello /bin/busybox --install -s /bin
  printf '    wrote /srv/hello\n'
fi
