# To be sourced: $cpu is what the processor calls itself.
if [[ -r /proc/cpuinfo ]]; then
  cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
else
  cpu=$(uname -m)
fi
