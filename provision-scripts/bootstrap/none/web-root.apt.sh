# shellcheck shell=bash
install_packages busybox-static
if ! cmp --silent /bin/busybox /srv/hello/bin/busybox; then
  mkdir -p /srv/hello/{bin,dev,etc,proc,sys,tmp,www}
  install --mode 0755 /bin/busybox /srv/hello/bin/busybox
  chroot /srv/hello /bin/busybox --install -s /bin
  printf '    wrote /srv/hello\n'
fi
