#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# netlink_hostile.sh: requests that no honest program sends: truncated, with unknown attributes, wrong lengths,
# garbage in nests, values out of range. Each is refused in words, none changes anything, and the kernel does not
# complain. Sent by tools/wire.c; then some thousands of random ones.
#
#   host: vmnet8 (NAT) --- vnic0, port0 (member)
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

need_vnetctl
wire=$(tool wire)
setup_ns host
must vnetctl -n "$host" link add vmnet8 mode nat addr 192.168.133.1/24 lladdr 02:00:00:00:00:08
in_ns "$host" <<-END
	link add vnic0 address 02:00:00:00:00:03 link vmnet8 type vnic
	link add port0 type veth peer name port1
	link set port0 master vmnet8
END
state() { vnetctl -n "$host" -j link show; vnetctl -n "$host" -j port show; vnetctl -n "$host" -j nat show; vnetctl -n "$host" -j forward show; }
before=$(state)

rows() {
	cat <<-'END'
		# lengths
		u32 of two bytes|EINVAL|-|do CMD_LINK_GET LINK_IFINDEX=u16:1
		u32 of eight bytes|EINVAL|-|do CMD_LINK_GET LINK_IFINDEX=u64:1
		u32 of none|EINVAL|-|do CMD_LINK_GET LINK_IFINDEX=hex:
		u8 of four bytes|EINVAL|-|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_NAT=u32:0
		a MAC address of five bytes|ERANGE|-|do CMD_FDB_NEW FDB_VNET=if:vmnet8 FDB_LLADDR=hex:0200000000 FDB_PORT=if:port0
		a MAC address of seven bytes|ERANGE|-|do CMD_FDB_NEW FDB_VNET=if:vmnet8 FDB_LLADDR=hex:02000000000000 FDB_PORT=if:port0
		a message that ends in an attribute|EINVAL|-|do CMD_LINK_GET LINK_IFINDEX=if:vmnet8 cut:2
		a message that ends in an attribute's header|EINVAL|-|do CMD_LINK_GET LINK_IFINDEX=if:vmnet8 raw:0800
		bytes behind the last attribute|EINVAL|-|do CMD_LINK_GET LINK_IFINDEX=if:vmnet8 raw:000000
		an attribute of length 0|EINVAL|-|do CMD_LINK_GET LINK_IFINDEX=if:vmnet8 raw:0000800000000000
		an attribute of length 3|EINVAL|-|do CMD_LINK_GET LINK_IFINDEX=if:vmnet8 raw:0300800000000000
		an attribute longer than the message|EINVAL|-|do CMD_LINK_GET LINK_IFINDEX=if:vmnet8 raw:ff00800000000000

		# unknown and misplaced
		an unknown attribute|EINVAL|-|do CMD_LINK_GET LINK_IFINDEX=if:vmnet8 200=u32:1
		attribute 0|EINVAL|-|do CMD_LINK_GET LINK_IFINDEX=if:vmnet8 0=u32:1
		the last attribute number there is|EINVAL|-|do CMD_LINK_GET LINK_IFINDEX=if:vmnet8 0x3fff=u32:1
		one that can only be read|EINVAL|-|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_N_PORTS=u32:1
		one of another set|EINVAL|-|do CMD_SESSION_FLUSH SESSION_VNET=if:vmnet8 SESSION_PAD=u32:1
		an unknown command|EOPNOTSUPP|-|do 200
		a notification as a command|EOPNOTSUPP|-|do CMD_LINK_NEW_NTF LINK_IFINDEX=if:vmnet8
		command 0|EOPNOTSUPP|-|do 0
		a dump of a change|EOPNOTSUPP|-|dump CMD_LINK_SET
		a read of one where there is only a list|EOPNOTSUPP|-|do CMD_STATS_GET STATS_VNET=if:vmnet8
		attributes for the list of reasons|EINVAL|-|dump CMD_REASON_GET 1=u32:1
		a version of the future is fine|OK|-|version 99 CMD_LINK_GET LINK_IFINDEX=if:vmnet8
		the flag of nests on a number|EINVAL|-|do CMD_LINK_GET 0x8080=u32:1

		# values
		mode 4|ERANGE|-|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_MODE=u32:4
		a prefix length of 31|ERANGE|-|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_SUBNET=ip:192.168.133.0 LINK_PREFIX_LEN=u8:31
		a prefix length of 7|ERANGE|-|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_SUBNET=ip:10.0.0.0 LINK_PREFIX_LEN=u8:7
		nat 2|ERANGE|-|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_NAT=u8:2
		host adapter 255|ERANGE|-|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_HOST_ADAPTER=u8:255
		no addresses to learn|ERANGE|-|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_FDB_MAX_LEARNED=u32:0
		too many addresses to learn|ERANGE|-|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_FDB_MAX_LEARNED=u32:1048577
		an ageing time beyond the end of time|ERANGE|-|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_AGEING_TIME=u32:4294967295
		a negative interface index|EINVAL|-|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_UPLINK=u32:4294967295 LINK_GATEWAY=ip:10.0.0.1
		an index of 0|ERANGE|-|do CMD_LINK_GET LINK_IFINDEX=u32:0
		an index of 2^32-1|ENODEV|-|do CMD_LINK_GET LINK_IFINDEX=u32:4294967295
		learning 2|ERANGE|-|do CMD_PORT_SET PORT_IFINDEX=if:port0 PORT_LEARNING=u8:2
		no sessions|ERANGE|-|do CMD_PORT_SET PORT_IFINDEX=if:port0 PORT_MAX_SESSIONS=u32:0
		an unknown filter|ERANGE|-|do CMD_NAT_SET NAT_VNET=if:vmnet8 NAT_FILTERING=u32:3
		port 0|ERANGE|-|do CMD_FORWARD_NEW FORWARD_VNET=if:vmnet8 FORWARD_PROTO=u8:6 FORWARD_FIRST=u16:0 FORWARD_TO_ADDR=ip:192.168.133.10
		handle 0|ERANGE|-|do CMD_FORWARD_DEL FORWARD_VNET=if:vmnet8 FORWARD_HANDLE=u32:0

		# nests
		a timeout of 0|ERANGE|-|do CMD_NAT_SET NAT_VNET=if:vmnet8 NAT_TIMEOUTS={ TIMEOUT_UDP=u32:0 }
		a timeout of two bytes|EINVAL|-|do CMD_NAT_SET NAT_VNET=if:vmnet8 NAT_TIMEOUTS={ TIMEOUT_UDP=u16:5 }
		an unknown timeout|EINVAL|-|do CMD_NAT_SET NAT_VNET=if:vmnet8 NAT_TIMEOUTS={ 99=u32:5 }
		garbage in a nest|EINVAL|-|do CMD_NAT_SET NAT_VNET=if:vmnet8 NAT_TIMEOUTS={ raw:ffffffffffffffff }
		a nest without its flag|EINVAL|-|do CMD_NAT_SET NAT_VNET=if:vmnet8 !NAT_TIMEOUTS={ TIMEOUT_UDP=u32:5 }
		a number instead of a nest|EINVAL|-|do CMD_NAT_SET NAT_VNET=if:vmnet8 NAT_TIMEOUTS=u32:5
		nests in nests|EINVAL|-|do CMD_NAT_SET NAT_VNET=if:vmnet8 NAT_TIMEOUTS={ TIMEOUT_UDP={ TIMEOUT_UDP={ TIMEOUT_UDP=u32:1 } } }
		an empty nest changes nothing|OK|-|do CMD_NAT_SET NAT_VNET=if:vmnet8 NAT_TIMEOUTS={ }

		# rtnetlink, whose own checks are older and milder
		rtnetlink: u32 of two bytes|ERANGE|-|newlink vnet bad0 INFO_LINK={ LINK_MODE=u16:0 }
		rtnetlink: an unknown attribute|EINVAL|-|newlink vnet bad0 INFO_LINK={ 200=u32:1 }
		rtnetlink: garbage|EINVAL|-|newlink vnet bad0 INFO_LINK={ raw:ffffffffffffffff }
		rtnetlink: a number instead of a nest|EINVAL|-|newlink vnet bad0 INFO_LINK=u32:1
		rtnetlink: mode 4|ERANGE|-|newlink vnet bad0 INFO_LINK={ LINK_MODE=u32:4 }
		rtnetlink: garbage for a port|EINVAL|-|setport vnet port0 INFO_PORT={ raw:ffffffffffffffff }
		rtnetlink: the last attribute of a port|EINVAL|-|setport vnet port0 INFO_PORT={ PORT_NETNSID=u32:1 }
		rtnetlink: the one before|EINVAL|-|setport vnet port0 INFO_PORT={ PORT_UP=u8:1 }
		rtnetlink: an unknown attribute of a port|EINVAL|-|setport vnet port0 INFO_PORT={ 200=u32:1 }
	END
}
rows | tr '|' '\t' | ip netns exec "$host" "$wire" || failed=1
check_is "nothing has changed" "$before" "$(state)"

play <<'END'
import random
random.seed(int(os.environ.get("VNET_TEST_SEED", "1")))
NETLINK_GENERIC, GENL_ID_CTRL, CTRL_GETFAMILY, CTRL_ATTR_NAME, CTRL_ATTR_ID = 16, 16, 3, 2, 1

def attr(kind, data):
    return struct.pack("=HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)

def message(family, command, flags, body):
    return struct.pack("=IHHIIBBH", 20 + len(body), family, flags, 1, 0, command, 1, 0) + body

with host:
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
    indexes = [socket.if_nametoindex(name) for name in ("vmnet8", "vnic0", "port0")]
sock.bind((0, 0))
sock.send(message(GENL_ID_CTRL, CTRL_GETFAMILY, 1, attr(CTRL_ATTR_NAME, b"vnet\0")))
reply = sock.recv(8192)
at = 20
family = None
while at < len(reply):
    length, kind = struct.unpack_from("=HH", reply, at)
    if kind == CTRL_ATTR_ID:
        family, = struct.unpack_from("=H", reply, at + 4)
    at += (length + 3) & ~3

def random_attr(depth=0):
    kind = random.choice((4, 48, 49, 8, 9, 33, random.randrange(0, 20), random.randrange(126, 146), random.randrange(65536)))
    if depth < 3 and random.random() < 0.2:
        return attr(kind | 0x8000, b"".join(random_attr(depth + 1) for _ in range(random.randrange(4))))
    data = random.choice((struct.pack("=I", random.choice(indexes)), struct.pack("=I", random.choice((0, 1, 2**31, 2**32 - 1))),
                          bytes([random.randrange(4)]), struct.pack("=H", random.randrange(65536)), os.urandom(6),
                          socket.inet_aton("192.168.133.10"), os.urandom(random.randrange(40)), b""))
    return attr(kind, data)

answers = 0
for turn in range(4000):
    body = b"".join(random_attr() for _ in range(random.randrange(6)))
    whole = bytearray(message(family, random.randrange(0, 40), random.choice((1, 5, 0x301, 0x305)), body))
    if random.random() < 0.2 and body:
        whole[random.randrange(20, len(whole))] = random.randrange(256)
    if random.random() < 0.1:
        del whole[random.randrange(16, len(whole)):]
        struct.pack_into("=I", whole, 0, len(whole))
    sock.send(whole)
    while select.select([sock], [], [], 0)[0]:
        try:
            sock.recv(65536)
            answers += 1
        except OSError:
            pass
check("4000 random requests are answered", answers > 2000)
check("and the networks are still there", [row["ifname"] for row in host.ctl("link show")], ["vmnet8"])
END
check_ok "reading works as before" vnetctl -n "$host" -d port show
