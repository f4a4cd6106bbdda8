# shellcheck shell=bash
if ! wait_for 30 "the address $NODE_ADDRESS" interface_of "$NODE_ADDRESS"; then
  {
    printf 'No adapter of this machine has the planned address %s. What it has:\n' "$NODE_ADDRESS"
    ip -brief -4 address show
    printf 'Look at the second adapter of %s and restart the machine: vagrant reload %s\n' "$MACHINE" "$MACHINE"
  } >&2
  exit 1
fi
node_interface=$(interface_of "$NODE_ADDRESS")
printf '    %s is on %s\n' "$NODE_ADDRESS" "$node_interface"
