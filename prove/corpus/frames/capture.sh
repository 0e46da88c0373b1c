#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# capture.sh: how guest.txt and wan.txt were made: real programs in the lab of the tests, captured at a guest and at
# the WAN. scripts/vm.sh -k uml -- prove/corpus/frames/capture.sh; the files' text goes to standard output.
# shellcheck source=../../../selftests/lib.sh
. "$(dirname "$0")/../../../selftests/lib.sh"

lab
must vnetctl -n "$host" service start vmnet8 >/dev/null
background ip netns exec "$g1" tcpdump -U -i eth0 -w "$scratch/guest" 2>/dev/null
background ip netns exec "$inet" tcpdump -U -i wan0 -w "$scratch/wan" 2>/dev/null
nap 3

in_ns "$g1" <<-END
	addr flush dev eth0
	link set eth0 address 02:00:00:00:01:0a
END
ip netns exec "$g1" busybox udhcpc -n -q -t 3 -i eth0 -s /bin/true >&2
in_ns "$g1" <<-END
	addr add 192.168.133.10/24 dev eth0
	route replace default via 192.168.133.2
END
play <<'END' >&2
dns = bytes.fromhex("123401000001000000000000076761746577617906766d6e657438") + b"\x08internal\0\0\1\0\1"
g1.udp().sendto(dns, ("192.168.133.254", 53))
pings(g1, "192.168.133.2")
pings(g1, "198.51.100.1")
pings(g1, "198.51.100.1", size=3000)
server = inet.listen("198.51.100.1:80")
client, served = talk(g1, "198.51.100.1:80", server)
transfer(client, served, os.urandom(3000))
transfer(served, client, os.urandom(300))
client.close(), served.close()
echo = inet.udp("198.51.100.1:53")
echoes(g1.udp(), "198.51.100.1:53", echo, os.urandom(40))
g1.udp().sendto(b"nobody is there", ("198.51.100.1", 33434))
short = g1.udp()
short.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 1)
short.sendto(b"one hop", ("198.51.100.1", 33435))
two = g1.udp()
two.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 2)
two.sendto(b"two hops", ("198.51.100.77", 33436))
reaches(g1.udp(), "192.168.133.11:9", g2.udp("0.0.0.0:9"))
time.sleep(1)
END
kill "${children[@]}"
wait "${children[@]}" 2>/dev/null
children=()
for where in guest wan; do
	echo "== $where.txt"
	tcpdump -r "$scratch/$where" -nn -e -xx 2>/dev/null | python3 -IS -c '
import re, sys
seen, text, frame = set(), "", ""
def end():
    kind = re.sub(r"[0-9a-f:.]{4,}|[0-9]+", "", text)
    if frame and kind not in seen and len(frame) < 1400:
        seen.add(kind)
        print("#", re.sub(r"^\S+ ", "", text)[:110])
        print(frame)
for line in sys.stdin:
    if line.startswith("\t0x"):
        frame += line.split(":")[1].replace(" ", "").strip()
    else:
        end()
        text, frame = line.strip(), ""
end()'
done
vnetctl -n "$host" service stop vmnet8 >/dev/null
