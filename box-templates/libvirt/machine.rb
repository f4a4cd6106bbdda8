      # Provider libvirt: a virtual machine of QEMU's that libvirt looks after, on this host or on a server.
      # Adapter 1 is on libvirt's network "vagrant-libvirt", where its DHCP server gives each machine an address: the way to the
      # internet, and how Vagrant logs in. Adapter 2 is on the lab's own network, which leads nowhere else: here the machines reach
      # each other, and the host they run on reaches them.
      require_relative "libvirt/take-turns"
      network = "#{LAB}-#{m[:address].split(".")[2]}"   # as `virsh net-list` shows it; no two labs have the same
      machine.vm.network "private_network", ip: m[:address], netmask: "255.255.255.0", mac: m[:mac],
        libvirt__network_name: network, libvirt__dhcp_enabled: false, libvirt__forward_mode: "none"
      machine.vm.provider "libvirt" do |libvirt|
        libvirt.uri = PROVIDER_URI unless PROVIDER_URI.empty?
        libvirt.driver = PROVIDER_DRIVER   # "kvm" uses the processor's virtualisation; "qemu" does without it, slowly
        libvirt.cpu_mode = PROVIDER_DRIVER == "kvm" ? "host-passthrough" : "maximum"
        libvirt.storage_pool_name = PROVIDER_POOL
        libvirt.default_prefix = "#{network}-"   # the machine's name follows: my-lab-57-cp1
        libvirt.cpus = m[:cpus]
        libvirt.memory = m[:memory]
        libvirt.graphics_type = "none"   # `virsh console` shows the machine's screen
        libvirt.random model: "random"   # or a machine that has just booted waits for random numbers
      end
