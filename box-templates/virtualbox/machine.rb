      # Provider virtualbox. Adapter 1 is NAT, always 10.0.2.15: the way to the internet, and how Vagrant logs in.
      # Adapter 2 is the host-only network: here the machines reach each other, and the host reaches them.
      machine.vm.network "private_network", ip: m[:address], netmask: "255.255.255.0", mac: m[:mac].delete(":")
      machine.vm.provider "virtualbox" do |vb|
        vb.name = m[:id]
        vb.cpus = m[:cpus]
        vb.memory = m[:memory]
        vb.linked_clone = true # the box's disk is shared, each machine stores only its changes
        vb.check_guest_additions = false # they would only be needed for shared folders
        vb.customize ["modifyvm", :id, "--groups", "/#{LAB}"]
        vb.customize ["modifyvm", :id, "--natdnshostresolver1", "on"] # names are resolved as on the host, VPN included
      end
