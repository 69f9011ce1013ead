#!/bin/bash
# Runs one training on two "hosts": network namespaces with their own host names, joined by a virtual cable with the rate and
# delay of a real one. Prints how many bytes went over it. Needs root and Linux with iproute2 and Open MPI.
#
#   Tools/mpi/two-hosts.sh RATE DELAY PROGRAM ARGUMENT…      such as 10gbit 100us .build/release/penumbra train …
#
# RATE (mbit, gbit) and DELAY (us, ms) are as for tc-netem, for each direction. Each host runs one process.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

rate=$1 delay=$2
shift 2
id=$$
folder=$(mktemp -d)
cable=
clean() {
    [ -z "$cable" ] || kill "$cable" 2> /dev/null || true
    for host in a b; do ip netns del "penumbra-$id-$host" 2> /dev/null || true; done
    rm -rf "$folder"
}
trap clean EXIT

bits() { echo "$1" | sed 's/gbit$/000000000/; s/mbit$/000000/; s/kbit$/000/'; }
microseconds() { echo "$1" | sed 's/ms$/000/; s/us$//'; }

for host in a b; do ip netns add "penumbra-$id-$host"; done
# A kernel without netem cannot delay packets: use cable.c instead.
ip link add "pa$id" type veth peer name "pb$id"
if ! tc qdisc add dev "pa$id" root netem delay 1us 2> /dev/null; then
    ip link del "pa$id"
    ${CC:-cc} -O2 -o "$folder/cable" "$(dirname "$0")/cable.c"
    "$folder/cable" "pa$id" "pb$id" "$(bits "$rate")" "$(microseconds "$delay")" > "$folder/ready" &
    cable=$!
    while [ ! -s "$folder/ready" ]; do
        kill -0 "$cable" || exit 1
        sleep .1
    done
fi
for host in a b; do
    within=(ip netns exec "penumbra-$id-$host")
    [ $host = a ] && address=10.77.0.1 || address=10.77.0.2
    ip link set "p$host$id" netns "penumbra-$id-$host"
    "${within[@]}" ip link set lo up
    "${within[@]}" ip address add "$address/24" dev "p$host$id"
    "${within[@]}" ip link set "p$host$id" up
    [ "$cable" ] && continue
    # The queue must be longer than the number of packets on the way.
    "${within[@]}" tc qdisc replace dev "p$host$id" root netem limit 20000 rate "$rate" delay "$delay"
done

# Replaces ssh: starts the daemon in the other host's namespace, under its own host name.
cat > "$folder/agent" << AGENT
#!/bin/sh
shift
exec ip netns exec penumbra-$id-b unshare --uts sh -c "hostname penumbra-b; \$*"
AGENT
chmod +x "$folder/agent"

sent() { ip netns exec "penumbra-$id-$1" cat "/sys/class/net/p$1$id/statistics/tx_bytes"; }
before=$(($(sent a) + $(sent b)))
start=$(date +%s.%N)
status=0
ip netns exec "penumbra-$id-a" unshare --uts sh -c 'hostname penumbra-a; exec "$@"' sh \
    mpirun --allow-run-as-root -np 2 --host 10.77.0.1:1,10.77.0.2:1 --map-by node --bind-to none \
    --mca plm_rsh_agent "$folder/agent" --mca plm rsh --mca btl tcp,self --mca pml ob1 \
    --mca btl_tcp_if_include 10.77.0.0/24 --mca oob_tcp_if_include 10.77.0.0/24 ${MPI_OPTIONS:-} "$@" || status=$?
end=$(date +%s.%N)
after=$(($(sent a) + $(sent b)))
echo "$rate $delay: $((after - before)) bytes on the wire in $(echo "$end - $start" | bc 2> /dev/null ||
    python3 -c "print(round($end - $start, 1))") s" >&2
exit $status
