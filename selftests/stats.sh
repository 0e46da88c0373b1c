#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# stats.sh: counters equal what was sent: of ports, netdevs, sessions, forwards and mappings.
#
#   lab(), without anything that speaks by itself; what is counted are differences
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

lab
ctl_in "$host" <<-END
	forward add vmnet8 proto udp dport 5000 to 192.168.133.77:7
END
play <<'END'
guest, second, remote = raw_guest(g1, "192.168.133.77"), g2.wire("eth0"), raw_remote()
numbers = sorted(row["number"] for row in host.ctl("port show vnet vmnet8") if row["kind"] == "vnic")
one, two = numbers

def counters():
    rows = {row["port_number"]: row for row in host.ctl("stats show vmnet8")}
    return {(number, key): row[key] for number, row in rows.items()
            for key in ("rx_packets", "rx_bytes", "tx_packets", "tx_bytes")} | {
            (number, "drop"): sum(drop["packets"] for drop in row.get("drop", [])) for number, row in rows.items()}

def change(action):
    before, dev = counters(), (g1.dev_stats("eth0"), g2.dev_stats("eth0"))
    action()
    time.sleep(0.3)
    after = counters()
    return {key: after[key] - before[key] for key in after if after[key] != before[key]}, \
        [{key: now[key] - then[key] for key in now if now[key] != then[key]}
         for now, then in zip((g1.dev_stats("eth0"), g2.dev_stats("eth0")), dev)]

frame = ether(g2.mac("eth0"), guest.own, 0x88b5, bytes(86))
ports, (here, there) = change(lambda: guest.wire.send(*[frame] * 500))
check("500 frames of 100 bytes from port to port", ports, {(one, "rx_packets"): 500, (one, "rx_bytes"): 50000,
      (two, "tx_packets"): 500, (two, "tx_bytes"): 50000})
check("the netdevs say the same", (here, there), ({"tx_packets": 500, "tx_bytes": 50000}, {"rx_packets": 500, "rx_bytes": 50000}))

ports, (here, _) = change(lambda: guest.wire.send(*[ether("01:80:c2:00:00:00", guest.own, 0x88b5, bytes(86))] * 30))
check("30 that are dropped", ports, {(one, "rx_packets"): 30, (one, "rx_bytes"): 3000, (one, "drop"): 30})
check("which the netdev counts too", here, {"tx_packets": 30, "tx_bytes": 3000, "tx_dropped": 30})

ports, _ = change(lambda: guest.send(*[udp4("192.168.133.77:25000", "198.51.100.9:7", bytes(72))] * 40))
check("40 packets of 100 bytes leave by NAT: the gateway's port has them", ports, {(one, "rx_packets"): 40,
      (one, "rx_bytes"): 40 * 114, (1, "tx_packets"): 40, (1, "tx_bytes"): 40 * 114})
ports, _ = change(lambda: remote.send(*[udp4("198.51.100.9:7", "203.0.113.2:25000", bytes(72))] * 20))
check("20 come back", ports, {(1, "rx_packets"): 20, (1, "rx_bytes"): 20 * 114, (one, "tx_packets"): 20,
      (one, "tx_bytes"): 20 * 114})
row, = [row for row in host.sessions("proto udp") if row["internal_port"] == 25000]
check("the session knows both", (row["out_packets"], row["out_bytes"], row["in_packets"], row["in_bytes"]),
      (40, 4000, 20, 2000))
row, = [row for row in host.ctl("nat mapping vmnet8") if row["internal_port"] == 25000]
check("the mapping its sessions", (row["n_sessions"], row["external_port"], row["proto"]), (1, 25000, "udp"))
check("the vnet has one of each", [host.ctl("nat show vmnet8")[0][key] for key in ("n_sessions", "n_mappings")], [1, 1])
remote.send(*[udp4(f"198.51.100.9:{port}", "203.0.113.2:5000") for port in range(1000, 1010)])
check("ten sessions of a forward", soon(lambda: (lambda row: (row["hits"], row["n_sessions"]))(host.ctl("forward show vmnet8")[0]),
      (10, 10)), (10, 10))
check("the port's sessions are those of its own guest's making",
      {row["number"]: row["n_sessions"] for row in host.ctl("port show vnet vmnet8")}[one], 1)
link = json.loads(host.run("ip", "-s", "-j", "link", "show", "vmnet8"))[0]["stats64"]
row = {row["port_number"]: row for row in host.ctl("stats show vmnet8")}[0]
check("ip -s link shows the host adapter's", (link["rx"]["packets"], link["tx"]["packets"]),
      (row["tx_packets"], row["rx_packets"]))
END
