#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# slow: make check-fast leaves it out
# extack.sh: every request that the module refuses is explained in a sentence, with the attribute it is about.
# Sent by tools/wire.c, which shares nothing with vnetctl. At the end the module's sources are searched for
# sentences that no row here has provoked.
#
#   host: vmnet8 (NAT) --- vnic0, port0 (member; its other end is port1); lan0 (private); br0 with port2
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

wire=$(tool wire)
# That there is no memory is said by prove/faults. Kernels without netfilter's hooks on netdevs could refuse them; ours
# are not such.
unsaid='the kernel refused an (in|e)gress hook|there is no memory to count for each VLAN|in sysfs cannot be made|the MTU of %s cannot become'
setup_ns host far
in_ns "$host" <<-END
	link add vmnet8 type vnet
	link add lan0 type vnet
	link add vnic0 address 02:00:00:00:00:03 link vmnet8 type vnic
	link add port0 type veth peer name port1
	link set port0 master vmnet8
	link add br0 type bridge
	link add port2 type veth peer name port3
	link set port2 master br0
	link add nic0 type veth peer name nic1
	tuntap add dev tun0 mode tun
	addr add 192.168.133.1/24 dev vmnet8
END
must ip -n "$host" link add far0 link vmnet8 netns "$far" type vnic

# A service of the host. It is there when its port is.
background ip netns exec "$host" nc -u -l 2323
bound() { ip netns exec "$host" grep -q ':0913 ' /proc/net/udp /proc/net/udp6; }
must busywait 10000 bound

# The fields of tools/wire.c, separated by | here; links come first.
rows() {
	cat <<-'END'
		NAT without a subnet|EINVAL|NAT needs a gateway|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_NAT=u8:1
		an address without a prefix length|EINVAL|a subnet needs an address and a prefix length=LINK_SUBNET|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_SUBNET=ip:192.168.133.0
		a prefix length without an address|EINVAL|a subnet needs an address and a prefix length=LINK_PREFIX_LEN|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_PREFIX_LEN=u8:24
		a subnet that is an address|EINVAL|has bits set behind its prefix=LINK_SUBNET|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_SUBNET=ip:192.168.133.1 LINK_PREFIX_LEN=u8:24
		a multicast subnet|EINVAL|is no network of hosts=LINK_SUBNET|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_SUBNET=ip:224.1.0.0 LINK_PREFIX_LEN=u8:16
		a gateway outside of the subnet|EINVAL|is no host's address in the subnet=LINK_GATEWAY|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_SUBNET=ip:192.168.133.0 LINK_PREFIX_LEN=u8:24 LINK_GATEWAY=ip:10.0.0.1
		a gateway that is the broadcast address|EINVAL|is no host's address in the subnet=LINK_GATEWAY|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_SUBNET=ip:192.168.133.0 LINK_PREFIX_LEN=u8:24 LINK_GATEWAY=ip:192.168.133.255
		a gateway with a group MAC address|EINVAL|the gateway's address must be a unicast MAC address=LINK_GATEWAY_LLADDR|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_SUBNET=ip:192.168.133.0 LINK_PREFIX_LEN=u8:24 LINK_GATEWAY=ip:192.168.133.2 LINK_GATEWAY_LLADDR=mac:01:00:00:00:00:01
		a gateway with the MAC address of a vnic|EEXIST|is an address of port vnic0 already|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_SUBNET=ip:192.168.133.0 LINK_PREFIX_LEN=u8:24 LINK_GATEWAY=ip:192.168.133.2 LINK_GATEWAY_LLADDR=mac:02:00:00:00:00:03
		fewer ports than there are|EBUSY|has 3 ports and cannot be bounded to 1|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_MAX_PORTS=u32:1
		as many ports as there are|OK|-|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_MAX_PORTS=u32:3
		one more uplink that does not exist|ENODEV|to be the uplink|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_UPLINK=u32:9999
		the vnet as its own uplink|EINVAL|it is the vnet itself|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_UPLINK=if:vmnet8
		lo as uplink|EINVAL|it is a loopback device|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_UPLINK=if:lo
		a tunnel as uplink|EINVAL|it does not carry Ethernet frames|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_UPLINK=if:tun0
		a bridge's port as uplink|EINVAL|another bridge|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_UPLINK=if:port2
		its own vnic as uplink|EINVAL|it is a vnic of this vnet|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_UPLINK=if:vnic0
		a NIC as uplink|OK|-|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_UPLINK=if:nic0
		another one beside it|EBUSY|has the uplink nic0; delete it first|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_UPLINK=if:port1
		the same for another vnet|EBUSY|nic0 is the uplink of vmnet8 already|do CMD_LINK_SET LINK_IFINDEX=if:lan0 LINK_UPLINK=if:nic0
		no vnet named|EINVAL|the request does not name a vnet|do CMD_LINK_SET LINK_MAX_PORTS=u32:9
		a vnet that does not exist|ENODEV|there is no netdev with index 9999=LINK_IFINDEX|do CMD_LINK_GET LINK_IFINDEX=u32:9999
		a vnet that is none|EINVAL|lo is not a vnet=LINK_IFINDEX|do CMD_LINK_GET LINK_IFINDEX=if:lo
		a dump of one that is none|EINVAL|lo is not a vnet|dump CMD_LINK_GET LINK_IFINDEX=if:lo
		rtnetlink: a port's settings for a vnet|EINVAL|a vnet has no port's settings|newlink vnet bad0 INFO_PORT={ PORT_LEARNING=u8:1 }
		rtnetlink: an index chosen|EINVAL|the index of a new vnet is given by the link's message|newlink vnet bad0 INFO_LINK={ LINK_IFINDEX=u32:7 }
		rtnetlink: NAT without a subnet|EINVAL|NAT needs a gateway|newlink vnet bad0 INFO_LINK={ LINK_MODE=u32:MODE_NAT }
		rtnetlink: an uplink that is taken|EBUSY|nic0 is the uplink of vmnet8 already|newlink vnet bad0 INFO_LINK={ LINK_UPLINK=if:nic0 }
		rtnetlink: a vnet's settings for a port|EINVAL|a port has no vnet's settings|setport vnet port0 INFO_LINK={ LINK_NAT=u8:1 }
		rtnetlink: a number chosen for a port|EINVAL|the port is given by the link's message|setport vnet port0 INFO_PORT={ PORT_NUMBER=u32:7 }

		# ports
		a port that does not exist|ENODEV|there is no netdev with index 9999=PORT_IFINDEX|do CMD_PORT_GET PORT_IFINDEX=u32:9999
		a port that is none|EINVAL|br0 is no port of a vnet of this namespace=PORT_IFINDEX|do CMD_PORT_GET PORT_IFINDEX=if:br0
		a port of another vnet|ENOENT|port0 is no port of vnet lan0=PORT_IFINDEX|do CMD_PORT_GET PORT_IFINDEX=if:port0 PORT_VNET=if:lan0
		a number without a port|ENOENT|vnet vmnet8 has no port 99=PORT_NUMBER|do CMD_PORT_GET PORT_VNET=if:vmnet8 PORT_NUMBER=u32:99
		a port neither by index nor number|EINVAL|name the port by the index of its netdev or by its number|do CMD_PORT_GET PORT_VNET=if:vmnet8
		a port by both|EINVAL|name the port by|do CMD_PORT_GET PORT_VNET=if:vmnet8 PORT_NUMBER=u32:3 PORT_IFINDEX=if:port0
		a dump of one port|EINVAL|a list of ports is selected by its vnet only|dump CMD_PORT_GET PORT_IFINDEX=if:port0
		what the LAN sends back to it|EOPNOTSUPP|port nic0 is no guest's and gets no frames back=PORT_HAIRPIN|do CMD_PORT_SET PORT_IFINDEX=if:nic0 PORT_HAIRPIN=u8:1
		what the host sends back to it|EOPNOTSUPP|port vmnet8 is no guest's and gets no frames back=PORT_HAIRPIN|do CMD_PORT_SET PORT_IFINDEX=if:vmnet8 PORT_HAIRPIN=u8:1
		sessions of the host adapter|EOPNOTSUPP|is no guest's and has no NAT sessions=PORT_MAX_SESSIONS|do CMD_PORT_SET PORT_IFINDEX=if:vmnet8 PORT_MAX_SESSIONS=u32:5
	END
}

port_rows() {
	cat <<-'END'
		a backup that does not exist|ENODEV|there is no netdev with index 9999 to be the backup=PORT_BACKUP_PORT|do CMD_PORT_SET PORT_IFINDEX=if:port0 PORT_BACKUP_PORT=u32:9999
		a port as its own backup|EINVAL|port0 cannot be the backup of port0: both are guests or uplinks of vmnet8=PORT_BACKUP_PORT|do CMD_PORT_SET PORT_IFINDEX=if:port0 PORT_BACKUP_PORT=if:port0
		a backup that is no port|EINVAL|br0 cannot be the backup of port0=PORT_BACKUP_PORT|do CMD_PORT_SET PORT_IFINDEX=if:port0 PORT_BACKUP_PORT=if:br0
		the host adapter as a backup|EINVAL|vmnet8 cannot be the backup of port0=PORT_BACKUP_PORT|do CMD_PORT_SET PORT_IFINDEX=if:port0 PORT_BACKUP_PORT=if:vmnet8
		a community without a number|EINVAL|a community has a number, and nothing else has=PORT_PRIVATE_VLAN|do CMD_PORT_SET PORT_IFINDEX=if:port0 PORT_PRIVATE_VLAN=u32:PRIVATE_VLAN_COMMUNITY
		a number without a community|EINVAL|a community has a number, and nothing else has=PORT_COMMUNITY|do CMD_PORT_SET PORT_IFINDEX=if:port0 PORT_PRIVATE_VLAN=u32:PRIVATE_VLAN_ISOLATED PORT_COMMUNITY=u16:5
	END
}

fdb_rows() {
	cat <<-'END'
		an address without a vnet|EINVAL|the request does not name a vnet|do CMD_FDB_DEL FDB_LLADDR=mac:02:00:00:00:00:99
		no address|EINVAL|the request does not name a MAC address|do CMD_FDB_DEL FDB_VNET=if:vmnet8
		an address that is not known|ENOENT|does not know the address 02:00:00:00:00:99|do CMD_FDB_DEL FDB_VNET=if:vmnet8 FDB_LLADDR=mac:02:00:00:00:00:99
		reading one that is not known|ENOENT|does not know the address 02:00:00:00:00:99=FDB_LLADDR|do CMD_FDB_GET FDB_VNET=if:vmnet8 FDB_LLADDR=mac:02:00:00:00:00:99
		a dump of one address|EINVAL|a list of addresses is selected by its vnet only|dump CMD_FDB_GET FDB_LLADDR=mac:02:00:00:00:00:99
		the address of a vnic|EPERM|is the own address of port vnic0 and stays|do CMD_FDB_DEL FDB_VNET=if:vmnet8 FDB_LLADDR=mac:02:00:00:00:00:03
		a static entry for it|EEXIST|is an address of port vnic0 already|do CMD_FDB_NEW FDB_VNET=if:vmnet8 FDB_LLADDR=mac:02:00:00:00:00:03 FDB_PORT=if:port0
		a group address|EINVAL|is no unicast MAC address|do CMD_FDB_NEW FDB_VNET=if:vmnet8 FDB_LLADDR=mac:01:00:00:00:00:99 FDB_PORT=if:port0
		a learned entry by hand|EINVAL|only static and external addresses can be set=FDB_STATE|do CMD_FDB_NEW FDB_VNET=if:vmnet8 FDB_LLADDR=mac:02:00:00:00:00:99 FDB_PORT=if:port0 FDB_STATE=u32:FDB_STATE_LEARNED

		# NAT
		NAT settings where there is none|EOPNOTSUPP|vnet lan0 has no NAT=NAT_VNET|do CMD_NAT_SET NAT_VNET=if:lan0 NAT_MAX_SESSIONS=u32:5
		a forward where there is none|EOPNOTSUPP|has no NAT to forward through|do CMD_FORWARD_NEW FORWARD_VNET=if:lan0 FORWARD_PROTO=u8:6 FORWARD_FIRST=u16:80 FORWARD_TO_ADDR=ip:192.168.133.10
		NAT on|OK|-|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_SUBNET=ip:192.168.133.0 LINK_PREFIX_LEN=u8:24 LINK_NAT=u8:1
		a way out that does not exist|ENODEV|there is no netdev with index 9999 to leave by=NAT_OUT|do CMD_NAT_SET NAT_VNET=if:vmnet8 NAT_OUT=u32:9999
		a static entry at the gateway|EOPNOTSUPP|the gateway has the one address of its own|do CMD_FDB_NEW FDB_VNET=if:vmnet8 FDB_LLADDR=mac:02:00:00:00:00:99 FDB_PORT_NUMBER=u32:1
		settings of the gateway's port|EOPNOTSUPP|the gateway's port of vnet vmnet8 has no settings|do CMD_PORT_SET PORT_VNET=if:vmnet8 PORT_NUMBER=u32:1 PORT_LEARNING=u8:1
		a forward of nothing|EINVAL|a forward needs a protocol, a port and a guest's address|do CMD_FORWARD_NEW FORWARD_VNET=if:vmnet8 FORWARD_PROTO=u8:6
		a forward of SCTP|EINVAL|only TCP (6) and UDP (17) can be forwarded, not protocol 132|do CMD_FORWARD_NEW FORWARD_VNET=if:vmnet8 FORWARD_PROTO=u8:132 FORWARD_FIRST=u16:80 FORWARD_TO_ADDR=ip:192.168.133.10
		a range backwards|EINVAL|are no range of ports|do CMD_FORWARD_NEW FORWARD_VNET=if:vmnet8 FORWARD_PROTO=u8:6 FORWARD_FIRST=u16:80 FORWARD_LAST=u16:79 FORWARD_TO_ADDR=ip:192.168.133.10
		a range beyond the last port|EINVAL|are no range of ports|do CMD_FORWARD_NEW FORWARD_VNET=if:vmnet8 FORWARD_PROTO=u8:6 FORWARD_FIRST=u16:80 FORWARD_LAST=u16:90 FORWARD_TO_PORT=u16:65530 FORWARD_TO_ADDR=ip:192.168.133.10
		a forward to a stranger|EINVAL|10.0.0.1 is no guest's address in the subnet of vnet vmnet8|do CMD_FORWARD_NEW FORWARD_VNET=if:vmnet8 FORWARD_PROTO=u8:6 FORWARD_FIRST=u16:80 FORWARD_TO_ADDR=ip:10.0.0.1
		a forward to the gateway|EINVAL|192.168.133.2 is no guest's address|do CMD_FORWARD_NEW FORWARD_VNET=if:vmnet8 FORWARD_PROTO=u8:6 FORWARD_FIRST=u16:80 FORWARD_TO_ADDR=ip:192.168.133.2
		a forward of NAT's own ports|EINVAL|meet those that NAT gives to guests|do CMD_FORWARD_NEW FORWARD_VNET=if:vmnet8 FORWARD_PROTO=u8:6 FORWARD_FIRST=u16:19990 FORWARD_LAST=u16:20000 FORWARD_TO_ADDR=ip:192.168.133.10
		a forward of a port that a socket of the host has|EADDRINUSE|a socket of the host waits on UDP port 2323 already|do CMD_FORWARD_NEW FORWARD_VNET=if:vmnet8 FORWARD_PROTO=u8:17 FORWARD_FIRST=u16:2320 FORWARD_LAST=u16:2330 FORWARD_TO_ADDR=ip:192.168.133.10
		the host adapter's address for the gateway|EADDRINUSE|is the host adapter's; the gateway needs an address of its own|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_GATEWAY=ip:192.168.133.1
		a good forward|OK|-|do CMD_FORWARD_NEW FORWARD_VNET=if:vmnet8 FORWARD_PROTO=u8:6 FORWARD_FIRST=u16:80 FORWARD_TO_ADDR=ip:192.168.133.10 FORWARD_HANDLE=u32:5
		the same handle again|EEXIST|has a forward 5 already|do CMD_FORWARD_NEW FORWARD_VNET=if:vmnet8 FORWARD_PROTO=u8:6 FORWARD_FIRST=u16:81 FORWARD_TO_ADDR=ip:192.168.133.10 FORWARD_HANDLE=u32:5
		the same port again|EEXIST|forward 5 of vnet vmnet8 has ports 80-80 already|do CMD_FORWARD_NEW FORWARD_VNET=if:vmnet8 FORWARD_PROTO=u8:6 FORWARD_FIRST=u16:79 FORWARD_LAST=u16:90 FORWARD_TO_ADDR=ip:192.168.133.10
		a forward without a number|EINVAL|the request does not name a forward by its handle|do CMD_FORWARD_DEL FORWARD_VNET=if:vmnet8
		a forward that does not exist|ENOENT|vnet vmnet8 has no forward 6=FORWARD_HANDLE|do CMD_FORWARD_DEL FORWARD_VNET=if:vmnet8 FORWARD_HANDLE=u32:6
		a dump of one forward|EINVAL|a list of forwards is selected by its vnet only|dump CMD_FORWARD_GET FORWARD_HANDLE=u32:5
		another subnet under a forward|EBUSY|forward 5 of vnet vmnet8 goes to 192.168.133.10; delete it first|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_SUBNET=ip:192.168.134.0 LINK_PREFIX_LEN=u8:24
		NAT off under a forward|EBUSY|delete it first|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_NAT=u8:0
	END
}

stp_rows() {
	cat <<-'END'
		a bridge's priority that is no step|EINVAL|the priority of a bridge goes in steps of 4096, 5 is none=LINK_STP_PRIORITY|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_STP_PRIORITY=u16:5
		times that do not go together|EINVAL|max_age 4000 is not from 2 * (hello_time 200 + 100) to 2 * (forward_delay 1500 - 100)|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_MAX_AGE=u32:4000
		a spanning tree of too many ports|ERANGE|a spanning tree has numbers for 4094 ports; bound those of lan0 by max-ports|do CMD_LINK_SET LINK_IFINDEX=if:lan0 LINK_STP_STATE=u8:1 LINK_MAX_PORTS=u32:4096
		a port's priority that is no step|ERANGE|the priority of port port0 is 0 to 60 in steps of 4, not 33=PORT_PRIORITY|do CMD_PORT_SET PORT_IFINDEX=if:port0 PORT_PRIORITY=u16:33
		a path without a cost|ERANGE|the cost of port port0 is 1 to 200000000, not 0=PORT_COST|do CMD_PORT_SET PORT_IFINDEX=if:port0 PORT_COST=u32:0
		a cost of the host adapter|EOPNOTSUPP|the host adapter vmnet8 takes part in no spanning tree=PORT_COST|do CMD_PORT_SET PORT_IFINDEX=if:vmnet8 PORT_COST=u32:5
		a spanning tree|OK|-|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_STP_STATE=u8:1
		a state that is STP's|EBUSY|the state of port port0 is STP's while it is on=PORT_STATE|do CMD_PORT_SET PORT_IFINDEX=if:port0 PORT_STATE=u8:4
		none any more|OK|-|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_STP_STATE=u8:0
		a state of the host adapter|EOPNOTSUPP|the host adapter vmnet8 has no state: switch it off=PORT_STATE|do CMD_PORT_SET PORT_IFINDEX=if:vmnet8 PORT_STATE=u8:4
	END
}

vlan_rows() {
	cat <<-'END'
		no VLAN|EINVAL|the request does not name a VLAN|do CMD_VLAN_NEW VLAN_VNET=if:vmnet8 VLAN_PORT=if:port0
		a range of VLANs backwards|EINVAL|VLANs are 1 to 4094, not 5 to 4|do CMD_VLAN_NEW VLAN_VNET=if:vmnet8 VLAN_PORT=if:port0 VLAN_FIRST=u16:5 VLAN_LAST=u16:4
		the same taken out|EINVAL|VLANs are 1 to 4094, not 5 to 4|do CMD_VLAN_DEL VLAN_VNET=if:vmnet8 VLAN_PORT=if:port0 VLAN_FIRST=u16:5 VLAN_LAST=u16:4
		a PVID of two|EINVAL|one VLAN can be the PVID of port0, not 5 to 6|do CMD_VLAN_NEW VLAN_VNET=if:vmnet8 VLAN_PORT=if:port0 VLAN_FIRST=u16:5 VLAN_LAST=u16:6 VLAN_PVID=u8:1
		a VLAN that the port is not in|ENOENT|port0 is not in VLAN 9|do CMD_VLAN_DEL VLAN_VNET=if:vmnet8 VLAN_PORT=if:port0 VLAN_FIRST=u16:9
		several|ENOENT|port0 is in none of the VLANs 9 to 11|do CMD_VLAN_DEL VLAN_VNET=if:vmnet8 VLAN_PORT=if:port0 VLAN_FIRST=u16:9 VLAN_LAST=u16:11
		a protocol that is none of VLANs|EPROTONOSUPPORT|the VLAN protocol is 802.1Q (0x8100) or 802.1ad (0x88a8), not=LINK_VLAN_PROTOCOL|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_VLAN_PROTOCOL=u16:1
		no group|EINVAL|the request does not name a group|do CMD_MDB_NEW MDB_VNET=if:vmnet8 MDB_PORT=if:port0
		a group that is none|EINVAL|a group is an IPv4, IPv6 or MAC address of a group that is forwarded=MDB_GROUP|do CMD_MDB_NEW MDB_VNET=if:vmnet8 MDB_PORT=if:port0 MDB_GROUP=ip:10.0.0.1
		the group of spanning trees|EINVAL|a group is an IPv4, IPv6 or MAC address of a group that is forwarded=MDB_GROUP|do CMD_MDB_NEW MDB_VNET=if:vmnet8 MDB_PORT=if:port0 MDB_GROUP=mac:01:80:c2:00:00:00
		a source of another protocol|EINVAL|the source is of another protocol than the group=MDB_SOURCE|do CMD_MDB_NEW MDB_VNET=if:vmnet8 MDB_PORT=if:port0 MDB_GROUP=ip:239.1.1.1 MDB_SOURCE=mac:02:00:00:00:00:01
		a group of everybody|EINVAL|frames to this group go to everybody: it is not snooped|do CMD_MDB_NEW MDB_VNET=if:vmnet8 MDB_PORT=if:port0 MDB_GROUP=ip:224.0.0.5
		a group of the gateway|EOPNOTSUPP|the gateway is in no group|do CMD_MDB_NEW MDB_VNET=if:vmnet8 MDB_PORT_NUMBER=u32:1 MDB_GROUP=ip:239.1.1.1
		a group|OK|-|do CMD_MDB_NEW MDB_VNET=if:vmnet8 MDB_PORT=if:port0 MDB_GROUP=ip:239.1.1.1 MDB_PERMANENT=u8:1
		the same again|EEXIST|port0 is in the group already|do CMD_MDB_NEW MDB_VNET=if:vmnet8 MDB_PORT=if:port0 MDB_GROUP=ip:239.1.1.1
		the end of a group that is not there|ENOENT|port0 is not in the group|do CMD_MDB_DEL MDB_VNET=if:vmnet8 MDB_PORT=if:port0 MDB_GROUP=ip:239.1.1.2
		no room for another|OK|-|do CMD_LINK_SET LINK_IFINDEX=if:vmnet8 LINK_MCAST_HASH_MAX=u32:1
		one group more than there may be|ENOSPC|there is no room for one more group of port0|do CMD_MDB_NEW MDB_VNET=if:vmnet8 MDB_PORT=if:port0 MDB_GROUP=ip:239.1.1.3
		a flush of nobody's|ENOENT|vnet vmnet8 has no port 99=MDB_PORT_NUMBER|do CMD_MDB_FLUSH MDB_VNET=if:vmnet8 MDB_PORT_NUMBER=u32:99
		a VLAN with tags for the gateway|EOPNOTSUPP|the gateway is in one VLAN, as PVID and untagged|do CMD_VLAN_NEW VLAN_VNET=if:vmnet8 VLAN_PORT_NUMBER=u32:1 VLAN_FIRST=u16:5
	END
}

must ip netns exec "$host" "$wire" </dev/null
# All that may be forwarded, for the sentence that there may be no more: ports 10000 to 14095, less the one there is.
many() {
	local port

	for ((port = 10000; port < 14095; port++)); do
		echo "~|OK|-|do CMD_FORWARD_NEW FORWARD_VNET=if:vmnet8 FORWARD_PROTO=u8:17 FORWARD_FIRST=u16:$port FORWARD_TO_ADDR=ip:192.168.133.10"
	done
	echo "one forward more than there may be|ENOSPC|which is all that there may be|do CMD_FORWARD_NEW FORWARD_VNET=if:vmnet8 FORWARD_PROTO=u8:17 FORWARD_FIRST=u16:9 FORWARD_TO_ADDR=ip:192.168.133.10"
}
# Sources of one group, and one more.
sources() {
	local n

	for ((n = 1; n <= 32; n++)); do
		echo "~|OK|-|do CMD_MDB_NEW MDB_VNET=if:vmnet8 MDB_PORT=if:vnic0 MDB_GROUP=ip:239.1.1.1 MDB_SOURCE=ip:10.0.0.$n"
	done
	echo "one source more than there may be|ENOSPC|vnic0 has all the sources of the group that it may have|do CMD_MDB_NEW MDB_VNET=if:vmnet8 MDB_PORT=if:vnic0 MDB_GROUP=ip:239.1.1.1 MDB_SOURCE=ip:10.0.0.33"
}
{ rows; port_rows; fdb_rows; stp_rows; vlan_rows; sources; many; } | tr '|' '\t' | ip netns exec "$host" "$wire" "$scratch/said" || failed=1

# rtnetlink's own doors, by the stock ip.
said() {
	ip -n "$host" link "${@:3}" >"$scratch/one" 2>&1
	check_has "$1" "$2" "$(tee -a "$scratch/said" <"$scratch/one")"
}
said "one port more than there may be" "has 3 ports, which is all that it may have" add v link vmnet8 type vnic
said "lo as a member" "is a loopback device" set lo master lan0
said "a tunnel as a member" "does not carry Ethernet frames" set tun0 master lan0
said "a vnic as a member" "is a port already, being a vnic" set vnic0 master lan0
said "a vnet as its own member" "is the vnet itself" set lan0 master lan0
must ip -n "$host" link add mv0 link port1 type macvlan
said "a macvlan's lower device as a member" "another bridge" set port1 master lan0
must ip -n "$host" link add link lan0 name lan0.7 type vlan id 7
said "what is on top of a vnet as its member" "is on top of the vnet already" set lan0.7 master lan0
said "a vnic of nothing" "a vnic needs the vnet that it is to be a port of" add v type vnic
said "a vnic of a bridge" "br0 is not a vnet" add v link br0 type vnic
said "a group MAC address" "must be a unicast MAC address of 6 bytes" add v address 01:02:03:04:05:06 link vmnet8 type vnic

# And by bridge(8), whose words are those that it can say; the rest is said by hand.
says() {
	ip netns exec "$3" bridge "${@:4}" >"$scratch/one" 2>&1
	check_has "$1" "$2" "$(tee -a "$scratch/said" <"$scratch/one")"
}
says "tunnels' VLANs" "no such setting with the bridge's number 29" "$host" link set dev port0 vlan_tunnel on
says "a tunnel's VLAN" "VLANs of a vnet's port have no tunnel" "$host" vlan add dev port0 vid 5 tunnel_info id 5
says "a VLAN that a guest chooses" "the vnet of far0 is in another namespace, or gone" "$far" vlan add dev far0 vid 5 self
says "an address of a router" "is static, dynamic, extern_learn or sticky" "$host" fdb add 02:00:00:00:00:99 dev vmnet8 self \
	via port0 router
says "a flush by VLAN" "a flush is of all that a vnet has learned, or of one port's" "$host" fdb flush dev vmnet8 self vlan 5
says "an address that is known" "vnet vmnet8 knows 02:00:00:00:00:03 already" "$host" fdb add 02:00:00:00:00:03 dev vmnet8 self
# "bridge mdb" reaches a vnet on newer kernels alone, where the program below says these.
export HAS_MDB=
if [ "$(printf '%s\n' 6.8 "$(uname -r)" | sort -V | head -n 1)" = 6.8 ]; then
	HAS_MDB=yes
else
	unsaid+="|an entry of a vnet has a port|no port has joined the group|a flush is by port, VLAN|this address is no group's"
fi
export SAID=$scratch/said
play <<'END'
SETLINK, ACK, NLM_REQUEST, AF_BRIDGE = 19, 4, 1, 7
SOL_NETLINK, NETLINK_CAP_ACK, NETLINK_EXT_ACK = 270, 10, 11
with host:
    route = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    index = socket.if_nametoindex("port0")
for option in (NETLINK_CAP_ACK, NETLINK_EXT_ACK):
    route.setsockopt(SOL_NETLINK, option, 1)

def attr(kind, data):
    return struct.pack("HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)

def refused(*attrs):
    """What the module says of a request of bridge(8) that bridge(8) does not make."""
    body = struct.pack("BxHiII", AF_BRIDGE, 0, index, 0, 0) + b"".join(attrs)
    route.send(struct.pack("IHHII", 16 + len(body), SETLINK, NLM_REQUEST | ACK, 1, 0) + body)
    answer = route.recv(4096)[20:].decode("latin-1")
    with open(os.environ["SAID"], "a", encoding="latin-1") as said:
        said.write(answer + "\n")
    return answer

def mdb_refused(kind, flags, group, *attrs, port="port0", proto=0x0800, state=1):
    """The same for a request of "bridge mdb"."""
    with host:
        vnet, port = socket.if_nametoindex("vmnet8"), socket.if_nametoindex(port) if port else 0
    entry = struct.pack("=IBBH16s", port, state, 0, 0, group) + struct.pack("!H2x", proto)
    body = struct.pack("=BxxxI", AF_BRIDGE, vnet) + attr(1, entry) + (attr(2 | 0x8000, b"".join(attrs)) if attrs else b"")
    route.send(struct.pack("IHHII", 16 + len(body), kind, NLM_REQUEST | ACK | flags, 1, 0) + body)
    answer = route.recv(4096)[20:].decode("latin-1")
    with open(os.environ["SAID"], "a", encoding="latin-1") as said:
        said.write(answer + "\n")
    return answer

NEWMDB, DELMDB, GETMDB, BULK, SOURCE, SRC_LIST = 84, 85, 86, 0x200, 1, 2
if os.environ.get("HAS_MDB"):
    group = bytes([239, 1, 1, 9])
    check("a list of sources", "has a port, a group, a VLAN and one source" in mdb_refused(NEWMDB, 0, group, attr(SRC_LIST, bytes(4))))
    check("a source of 3 bytes", "the source is of another protocol" in mdb_refused(NEWMDB, 0, group, attr(SOURCE, bytes(3))))
    check("no group", "this address is no group's" in mdb_refused(NEWMDB, 0, bytes(15) + b"\1", proto=0x86dd))
    check("somebody else's port", "lo is no port of vnet vmnet8" in mdb_refused(NEWMDB, 0, group, port="lo"))
    check("a question for what nobody wants", "no port has joined the group" in mdb_refused(GETMDB, 0, group, port="", state=0))
    check("a flush by protocol", "a flush is by port, VLAN and permanence" in mdb_refused(DELMDB, BULK, bytes(16), attr(4, b"\1"), proto=0, port=""))
    check("a flush of somebody else's", "lo is no port of vnet vmnet8" in mdb_refused(DELMDB, BULK, bytes(16), proto=0, port="lo"))

PROTINFO, AF_SPEC, VLAN_INFO, NESTED, BEGIN, END_OF_RANGE = 12, 26, 2, 0x8000, 8, 16
vlan = lambda flags, vid: attr(VLAN_INFO, struct.pack("HH", flags, vid))
check("a port's settings that are not nested", "a port's settings are nested" in refused(attr(PROTINFO, b"\1")))
check("a setting of 2", "no such setting" in refused(attr(PROTINFO | NESTED, attr(8, b"\2"))))
check("a VLAN of 2 bytes", "this is no VLAN" in refused(attr(AF_SPEC | NESTED, attr(VLAN_INFO, b"\1\0"))))
check("an end without a begin", "no end of a range" in refused(attr(AF_SPEC | NESTED, vlan(END_OF_RANGE, 7))))
check("a begin without an end", "the range of VLANs has no end" in refused(attr(AF_SPEC | NESTED, vlan(BEGIN, 7))))
check("VLAN 0, after one that is good", "VLANs are 1 to 4094, not 0 to 0" in refused(attr(AF_SPEC | NESTED, vlan(0, 7) + vlan(0, 0))))
check("and nothing was done", [row["first"] for row in host.ctl("vlan show dev port0")], [1])
END

# Which sentences of the sources has nobody heard? The longest piece between two conversions stands for each.
unheard=$(grep -rhoPz 'VNET_REFUSE(_ATTR)?\([^;"]*"\K[^"]*' "$selftests/../kmod" --include='*.c' | tr '\0' '\n' | grep -vE "$unsaid" |
	while IFS= read -r sentence; do
		piece=$(awk '{ n = split($0, part, /%(p[IM]4?|[a-z])/); for (i = 1; i <= n; i++)
			if (length(part[i]) > length(best)) best = part[i] } END { print best }' <<<"$sentence")
		grep -qF -- "$piece" "$scratch/said" || echo "$sentence"
	done)
check_is "every sentence of the sources was heard" "" "$unheard"
