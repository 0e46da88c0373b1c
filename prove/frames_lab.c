// SPDX-License-Identifier: GPL-2.0
/*
 * prove/frames: the network, and the doors into it.
 *
 *   tapm (tap), tapn (tap, paged), vf (vnic, macvlan mvf on it), vp (vnic of probes) --- vmnet8 (nat)
 *                     tapw (tap): 203.0.113.2, the WAN that NAT goes out by --- host ---+
 *   tapb (tap), tapu (tap, shared; VLAN device and macvlan on it): 10.9.0.2 --- vmnet0 (bridged)
 *   tapq (tap) --- quiet (private), to which nobody sends
 *
 * We are all guests, the WAN and the LAN ourselves: but for the host there is no stack that answers by itself.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/udp.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "frames.h"

#define HOST_NS "frames-host"
#define GUEST_NS "frames-guest"

enum kind { TAP, PACKET, PACKET_SEND, UDP };

static const struct {
	const char *name, *dev;
	enum kind kind;
	bool guest_ns;
	enum side side;
} doors[DOORS] = {
	[DOOR_MEMBER] = { "member", "tapm", TAP, false, SIDE_GUEST },
	[DOOR_PAGED] = { "paged", "tapn", TAP, false, SIDE_GUEST },
	[DOOR_VNIC] = { "vnic", "vf", PACKET, true, SIDE_GUEST },
	[DOOR_VNIC_MACVLAN] = { "vnic-macvlan", "mvf", PACKET_SEND, true, SIDE_GUEST },
	[DOOR_HOST] = { "host", "vmnet8", PACKET, false, SIDE_HOST },
	[DOOR_WAN] = { "wan", "tapw", TAP, false, SIDE_WAN },
	[DOOR_UPLINK] = { "uplink", "tapu", TAP, false, SIDE_LAN },
	[DOOR_BRIDGED] = { "bridged", "tapb", TAP, false, SIDE_LAN },
	[DOOR_UPLINK_SEND] = { "uplink-send", "tapu", PACKET_SEND, false, SIDE_LAN },
	[DOOR_UPLINK_MACVLAN] = { "uplink-macvlan", "mvu", PACKET_SEND, false, SIDE_LAN },
	[DOOR_UPLINK_VLAN] = { "uplink-vlan", "tapu.7", PACKET_SEND, false, SIDE_LAN },
	[DOOR_SOCKET] = { "socket", "vmnet8", UDP, false, SIDE_HOST },
	[DOOR_PROBE] = { "probe", "vp", PACKET, true, SIDE_GUEST },
	[DOOR_QUIET] = { "quiet", "tapq", TAP, false, SIDE_GUEST },
};

static int fds[DOORS];
static int home_ns = -1, host_ns = -1, guest_ns = -1;
static bool made;

enum side door_side(enum door door) { return doors[door].side; }
const char *door_name(enum door door) { return doors[door].name; }
bool door_is_packet_socket(enum door door) { return doors[door].kind == PACKET; }

static void die(const char *what, const char *which)
{
	fprintf(stderr, "frames: %s %s: %s\n", what, which, strerror(errno));
	exit(2);
}

bool run(const char *command, const char *input)
{
	FILE *pipe = popen(command, "w");

	if (!pipe)
		return false;
	fputs(input, pipe);
	return pclose(pipe) == 0;
}

static void must_run(const char *command, const char *input)
{
	if (!run(command, input)) {
		fprintf(stderr, "frames: set-up failed: %s\n%s", command, input);
		exit(2);
	}
}

static void enter(int ns)
{
	if (setns(ns, CLONE_NEWNET))
		die("cannot enter", "a namespace");
}

static int open_ns(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die("cannot open", path);
	return fd;
}

/* /proc/sys/net is that of the namespace that we are in. A name may be missing (IPv6 may). */
static void sysctl(const char *name, const char *value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/net/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && write(fd, value, strlen(value)) < 0)
		die("cannot write", path);
	if (fd >= 0)
		close(fd);
}

/*
 * IPv6 would talk by itself; a redirect from the WAN would take the host's routes away, as it should. All fragments
 * of a namespace share 4 MiB for 30 s, and ours would leave the probes none, as they would on any router.
 */
static void calm(void)
{
	sysctl("ipv4/ipfrag_time", "1");
	sysctl("ipv4/ipfrag_high_thresh", "33554432");
	sysctl("ipv6/conf/all/disable_ipv6", "1");
	sysctl("ipv6/conf/default/disable_ipv6", "1");
	sysctl("ipv4/conf/all/accept_redirects", "0");
	sysctl("ipv4/conf/default/accept_redirects", "0");
}

static void open_tap(enum door door)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };

	if (door == DOOR_PAGED)
		request.ifr_flags |= IFF_NAPI | IFF_NAPI_FRAGS;
	strcpy(request.ifr_name, doors[door].dev);
	fds[door] = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fds[door] < 0 || ioctl(fds[door], TUNSETIFF, &request))
		die("cannot make", doors[door].dev);
}

static void open_packet(enum door door)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET };
	int one = 1, room = 16 << 20, fd;

	/* One that only sends is bound to no protocol, and so has no queue that fills. */
	address.sll_protocol = doors[door].kind == PACKET ? htons(ETH_P_ALL) : 0;
	address.sll_ifindex = if_nametoindex(doors[door].dev);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)))
		die("cannot open a packet socket on", doors[door].dev);
	fds[door] = fd;
}

static void open_udp(enum door door)
{
	fds[door] = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fds[door] < 0)
		die("cannot open", "a UDP socket");
}

static void open_door(enum door door)
{
	if (doors[door].guest_ns)
		enter(guest_ns);
	if (doors[door].kind == TAP)
		open_tap(door);
	else if (doors[door].kind == UDP)
		open_udp(door);
	else
		open_packet(door);
	enter(host_ns);
}

static void open_doors(bool taps)
{
	for (unsigned int i = 0; i < DOORS; i++)
		if ((doors[i].kind == TAP) == taps)
			open_door(i);
}

static const char links[] =
	"link set tapw address 02:00:00:00:09:02 txqueuelen 5000 up\n"
	"addr add 203.0.113.2/24 dev tapw\n"
	"neigh add 203.0.113.1 lladdr 02:00:00:00:09:01 dev tapw nud permanent\n"
	"route add default via 203.0.113.1\n"
	"link set tapu address 02:00:00:00:0a:02 txqueuelen 5000 up\n"
	"addr add 10.9.0.2/24 dev tapu\n"
	"link add link tapu name tapu.7 type vlan id 7\n"
	"addr add 10.7.0.2/24 dev tapu.7\n"
	"link set tapu.7 up\n"
	"link add mvu link tapu type macvlan mode bridge\n"
	"link set mvu arp off up\n";

static const char vnets[] =
	"link add vmnet8 mode nat addr 192.168.133.1/24 gateway-lladdr 02:00:00:00:08:02 lladdr 02:00:00:00:08:01\n"
	"link add vmnet0 mode bridged uplink tapu\n"
	"link add quiet mode private\n"
	"port add tapm vnet vmnet8\n"
	"port add tapn vnet vmnet8\n"
	"port add tapb vnet vmnet0\n"
	"port add tapq vnet quiet\n"
	"port add vf vnet vmnet8 vnic netns " GUEST_NS " lladdr 02:00:00:00:02:01\n"
	"port add vp vnet vmnet8 vnic netns " GUEST_NS " lladdr 02:00:00:00:03:01\n"
	/* Small bounds, but not for what the probes use. */
	"port set tapm fdb-max-learned 64 max-sessions 150\n"
	"port set tapb fdb-max-learned 64\n"
	"nat set vmnet8 timeout udp 5s udp-unreplied 3s tcp-established 10s tcp-opening 3s tcp-closing 2s icmp 3s"
	" hold-down 1s\n"
	"forward add vmnet8 proto tcp dport 8080 to 192.168.133.50:80\n"
	"forward add vmnet8 proto udp dport 8080 to 192.168.133.51:53\n"
	"forward add vmnet8 proto tcp dport 8081 to 192.168.133.52:80\n"
	"forward add vmnet8 proto tcp dport 8090 to 192.168.133.20:80\n"
	"forward add vmnet8 proto udp dport 8090 to 192.168.133.21:80\n";

static const char ups[] =
	"link set tapm txqueuelen 5000 up\n"
	"link set tapn txqueuelen 5000 up\n"
	"link set tapb txqueuelen 5000 up\n"
	"link set tapq up\n";

static const char guest_links[] =
	"link set dev vf arp off up\n"
	"link set dev vp arp off up\n"
	"link add mvf link vf type macvlan mode bridge\n"
	"link set mvf arp off up\n";

void lab_make(void)
{
	for (unsigned int i = 0; i < DOORS; i++)
		fds[i] = -1;
	home_ns = open_ns("/proc/self/ns/net");
	made = true;
	must_run("ip -batch -", "netns add " HOST_NS "\nnetns add " GUEST_NS "\n");
	host_ns = open_ns("/run/netns/" HOST_NS);
	guest_ns = open_ns("/run/netns/" GUEST_NS);
	enter(guest_ns);
	calm();
	enter(host_ns);
	calm();
	must_run("ip -batch -", "link set lo up\n");
	open_doors(true);
	must_run("ip -batch -", links);
	must_run("vnetctl -batch -", vnets);
	must_run("ip -batch -", ups);
	must_run("ip -n " GUEST_NS " -batch -", guest_links);
	open_doors(false);
}

void lab_end(void)
{
	if (!made)
		return;
	made = false;
	for (unsigned int i = 0; i < DOORS; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	/* Else these references would keep the namespaces. */
	if (setns(home_ns, CLONE_NEWNET))
		perror("frames: cannot go home");
	close(host_ns);
	close(guest_ns);
	run("ip -force -batch -", "netns del " GUEST_NS "\nnetns del " HOST_NS "\n");
}

/* The payload of a datagram from the host's own socket is the frame; the kernel makes the packets. */
static bool send_udp(int fd, const struct frame *frame)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct layers at;
	int size = frame->meta.gso_size < 1400 ? frame->meta.gso_size : 0;

	dissect(frame, &at);
	to.sin_addr.s_addr = htonl(at.ip ? get32(frame->data + at.ip + 16) : GUEST_IP(1));
	to.sin_port = htons(20000 + frame->len % 16);
	setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size));
	return sendto(fd, frame->data, frame->len, 0, (struct sockaddr *)&to, sizeof(to)) >= 0;
}

/* What root sends by the NIC itself, with segments of a size that it has chosen, no switch is asked about. */
static bool is_roots_own(enum door door, const struct frame *frame)
{
	bool by_nic = door == DOOR_UPLINK_SEND || door == DOOR_UPLINK_MACVLAN || door == DOOR_UPLINK_VLAN;

	return by_nic && frame->meta.gso_type != VIRTIO_NET_HDR_GSO_NONE && frame->meta.gso_size > LAB_MTU - 120;
}

/*
 * By a paged door the first piece becomes the head of the packet and the others become pages of it: @head says how
 * many bytes come first.
 */
bool door_send(enum door door, const struct frame *frame, unsigned int head)
{
	struct iovec parts[3] = { { (void *)&frame->meta, sizeof(frame->meta) } };
	int n = 2;

	if (doors[door].kind == UDP)
		return send_udp(fds[door], frame);
	if (is_roots_own(door, frame))
		return false;
	parts[1] = (struct iovec){ (void *)frame->data, frame->len };
	if (door == DOOR_PAGED && head < frame->len && frame->len - head <= 4096) {
		parts[1].iov_len = head;
		parts[n++] = (struct iovec){ (void *)(frame->data + head), frame->len - head };
	}
	if (writev(fds[door], parts, n) < 0)
		return false;
	check_sent(door, frame);
	return true;
}

bool door_receive(enum door door, struct frame *frame)
{
	struct iovec parts[2] = { { &frame->meta, sizeof(frame->meta) }, { frame->data, FRAME_MAX } };
	ssize_t len;

	if (doors[door].kind != TAP && doors[door].kind != PACKET)
		return false;
	len = readv(fds[door], parts, 2);
	if (len < (ssize_t)sizeof(frame->meta))
		return false;
	frame->len = len - sizeof(frame->meta);
	check_received(door, frame);
	return true;
}

/* A guest that is asked for says where it is, by the door that is its home. */
static void answer_arp(enum door door, const struct frame *asked)
{
	static const enum door homes[] = { DOOR_MEMBER, DOOR_PAGED, DOOR_VNIC };
	uint32_t target = get32(asked->data + 38);
	static struct frame answer;
	uint8_t mac[6];

	if (target - GUEST_IP(0) >= N_GUESTS || homes[(target - GUEST_IP(0)) % 3] != door)
		return;
	guest_mac(mac, target - GUEST_IP(0));
	ether(&answer, asked->data + 6, mac, 0x0806);
	arp(&answer, 2, mac, target, asked->data + 22, get32(asked->data + 28));
	door_send(door, &answer, answer.len);
}

void door_drain(enum door door)
{
	static struct frame frame;

	while (door_receive(door, &frame)) {
		if (door == DOOR_WAN)
			live_note(&frame);
		else if (frame.len >= 42 && get16(frame.data + 12) == 0x0806 && get16(frame.data + 20) == 1)
			answer_arp(door, &frame);
	}
}
