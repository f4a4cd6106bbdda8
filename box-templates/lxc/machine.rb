      # Provider lxc: a system container instead of a virtual machine. It boots systemd as a machine
      # does, shares the host's kernel, and has the two adapters VirtualBox would give it.
      require_relative "lxc/vagrant-lxc"
      machine.ssh.host = m[:address]
      machine.ssh.insert_key = false   # the key every box starts with: only this host reaches the machine
      machine.vm.guest = :debian   # or Vagrant asks each machine sixty questions to find out
      machine.vm.provider :lxc do |lxc|
        lxc.container_name   = m[:id]
        lxc.backingstore     = "dir"   # the box's own template lays an overlay on a root all machines share
        lxc.tmpfs_mount_size = false   # /tmp lies on disk, as in a virtual machine

        # Start from an empty page: neither the host's default network nor lines of an earlier `vagrant up`.
        lxc.customize "net", ""
        lxc.customize "hook", ""

        # Adapter 2, eth1: a cable from the machine to the lab's bridge. The MAC address is fixed, for one
        # that changes while the machine boots leaves the host talking to the old one.
        lxc.customize "net.0.type", "veth"
        lxc.customize "net.0.link", LAB_BRIDGE
        lxc.customize "net.0.flags", "up"
        lxc.customize "net.0.name", "eth1"
        lxc.customize "net.0.hwaddr", m[:mac]
        lxc.customize "net.0.ipv4.address", "#{m[:address]}/24"

        # Adapter 1, eth0 with 10.0.2.15, and the bridge itself are made and removed by these scripts; the first makes
        # room in limits of the kernel, which all machines share.
        # (lxc hands the line to a shell, so the path is quoted; vagrant-lxc wants it as plain bytes.)
        hook = ->(script) { Shellwords.join(["/bin/sh", File.join(__dir__, "lxc", script)]).b }
        lxc.customize "hook.pre-start", hook["kernel-limits.sh"]
        lxc.customize "hook.pre-start", hook["network-up.sh"]
        lxc.customize "hook.start-host", hook["nat-up.sh"]
        lxc.customize "hook.stop", hook["nat-down.sh"]
        lxc.customize "hook.destroy", hook["nat-down.sh"]
        lxc.customize "hook.destroy", hook["network-down.sh"]

        # Memory and processors: one line for hosts with cgroup v1, one for v2; lxc takes the one that fits.
        lxc.customize "cgroup.memory.limit_in_bytes", "#{m[:memory]}M"
        lxc.customize "cgroup2.memory.max", "#{m[:memory]}M"
        lxc.customize "cgroup.cpu.cfs_quota_us", m[:cpus] * 100_000
        lxc.customize "cgroup2.cpu.max", "#{m[:cpus] * 100_000} 100000"
      end
