// SPDX-License-Identifier: GPL-2.0
/* Unit tests of the readers of words, of keyword tables, of subnet arithmetic and of lease lines. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "cmd/lease.h"
#include "cmd/link.h"
#include "parse.h"
#include "svc/svc.h"

static unsigned int n_tests, n_failed;

static void check(bool good, const char *what, const char *word)
{
	n_tests++;
	if (good)
		return;
	n_failed++;
	printf("not ok - %s '%s'\n", what, word);
}

/* Every refusal must say what was expected and show what came. */
static void refused(int status, const struct bad *bad, const char *what, const char *word)
{
	check(status && !strncmp(bad->msg, "expected ", 9) && strstr(bad->msg, word), what, word);
}

static void test_uint(void)
{
	static const char *const wrong[] = { "", "-1", "+1", " 1", "1 ", "0x10", "1e3", "256", "99999999999999999999", "a" };
	uint64_t value;
	struct bad bad;

	check(!parse_uint("0", 0, 255, &value, &bad) && value == 0, "uint", "0");
	check(!parse_uint("255", 0, 255, &value, &bad) && value == 255, "uint", "255");
	check(!parse_uint("010", 0, 255, &value, &bad) && value == 10, "uint", "010");
	for (size_t i = 0; i < VN_COUNT(wrong); i++)
		refused(parse_uint(wrong[i], 0, 255, &value, &bad), &bad, "uint refuses", wrong[i]);
}

static void test_time(void)
{
	static const struct {
		const char *word;
		uint64_t seconds;
	} right[] = { { "300", 300 }, { "300s", 300 }, { "5m", 300 }, { "2h", 7200 }, { "1d", 86400 }, { "1h30m", 5400 },
		      { "2000ms", 2 } };
	static const char *const wrong[] = { "", "s", "5x", "5m3", "0", "8d", "500ms", "1.5h", "-5s", "5 m", "m5",
					     "99999999999999999999s" };
	uint64_t value;
	struct bad bad;

	for (size_t i = 0; i < VN_COUNT(right); i++)
		check(!parse_time(right[i].word, 1000, 1, 604800, &value, &bad) && value == right[i].seconds, "time",
		      right[i].word);
	for (size_t i = 0; i < VN_COUNT(wrong); i++)
		refused(parse_time(wrong[i], 1000, 1, 604800, &value, &bad), &bad, "time refuses", wrong[i]);
	check(!parse_time("300", 10, 0, 360000000, &value, &bad) && value == 30000, "time in 1/100 s", "300");
	check(!parse_time("0", 10, 0, 360000000, &value, &bad) && value == 0, "time in 1/100 s", "0");
}

static void test_addresses(void)
{
	static const char *const no_prefix[] = { "", "/", "192.168.1.1", "192.168.1.1/", "192.168.1.1/31", "192.168.1.1/7",
						 "192.168.1/24", "192.168.1.1/24x", "1.2.3.4.5.6.7.8.9.10/24" };
	static const char *const no_lladdr[] = { "", "52:54:00:12:34", "52:54:00:12:34:56:78", "52-54-00-12-34-56",
						 "52:54:00:12:34:5g", "00:00:00:00:00:00", "01:00:5e:00:00:01",
						 "ff:ff:ff:ff:ff:ff", "5:54:00:12:34:56", "52:54:00:12:34:\x15\x16" };
	uint8_t lladdr[6], want[6] = { 0x52, 0x54, 0x00, 0xab, 0xcd, 0xef };
	uint64_t addr;
	uint32_t len;
	struct bad bad;

	check(!parse_ipv4("192.168.133.1", &addr, &bad) && addr == 0xc0a88501, "ipv4", "192.168.133.1");
	refused(parse_ipv4("192.168.133.256", &addr, &bad), &bad, "ipv4 refuses", "192.168.133.256");
	refused(parse_ipv4("fd00::1", &addr, &bad), &bad, "ipv4 refuses", "fd00::1");
	check(!parse_prefix("10.0.0.1/8", &addr, &len, &bad) && addr == 0x0a000001 && len == 8, "prefix", "10.0.0.1/8");
	for (size_t i = 0; i < VN_COUNT(no_prefix); i++)
		refused(parse_prefix(no_prefix[i], &addr, &len, &bad), &bad, "prefix refuses", no_prefix[i]);
	check(!parse_lladdr("52:54:00:AB:cd:ef", lladdr, &bad) && !memcmp(lladdr, want, 6), "lladdr", "52:54:00:AB:cd:ef");
	for (size_t i = 0; i < VN_COUNT(no_lladdr); i++)
		refused(parse_lladdr(no_lladdr[i], lladdr, &bad), &bad, "lladdr refuses", no_lladdr[i]);
}

static void test_ports(void)
{
	static const char *const wrong[] = { "", "0", "65536", "80-", "-80", "90-80", "80-90-100", "80:90", "http" };
	static const char *const no_target[] = { "", ":80", "192.168.1.1:", "192.168.1.1:0", "192.168.1.1:65536", "web:80" };
	uint64_t first;
	uint32_t last;
	struct bad bad;

	check(!parse_ports("80", &first, &last, &bad) && first == 80 && last == 80, "ports", "80");
	check(!parse_ports("1-65535", &first, &last, &bad) && first == 1 && last == 65535, "ports", "1-65535");
	for (size_t i = 0; i < VN_COUNT(wrong); i++)
		refused(parse_ports(wrong[i], &first, &last, &bad), &bad, "ports refuses", wrong[i]);
	check(!parse_target("10.0.0.1:80", &first, &last, &bad) && first == 0x0a000001 && last == 80, "target", "10.0.0.1:80");
	check(!parse_target("10.0.0.1", &first, &last, &bad) && !last, "target", "10.0.0.1");
	for (size_t i = 0; i < VN_COUNT(no_target); i++)
		refused(parse_target(no_target[i], &first, &last, &bad), &bad, "target refuses", no_target[i]);
}

static void test_vlans(void)
{
	static const char *const wrong[] = { "", "0", "4095", "10-", "-10", "20-10", "10-4095", "10-20-30", "10,20", "all" };
	uint64_t first;
	uint32_t last;
	struct bad bad;

	check(!parse_vlans("1", &first, &last, &bad) && first == 1 && last == 1, "vlans", "1");
	check(!parse_vlans("1-4094", &first, &last, &bad) && first == 1 && last == 4094, "vlans", "1-4094");
	for (size_t i = 0; i < VN_COUNT(wrong); i++) {
		refused(parse_vlans(wrong[i], &first, &last, &bad), &bad, "vlans refuses", wrong[i]);
		check(strstr(bad.msg, "a VLAN of 1..4094 or a range V-W") != NULL, "vlans explains", wrong[i]);
	}
}

static void test_groups(void)
{
	static const char *const wrong[] = { "", "10.0.0.1", "2001:db8::1", "239.1.1", "02:00:00:00:00:01", "ff:", "all" };
	static const char *const no_inet[] = { "", "10.0.0", "10.0.0.1/8", "::g", "02:00:00:00:00:01" };
	uint8_t raw[16], len;
	struct bad bad;

	check(!parse_group("239.1.1.1", raw, &len, &bad) && len == 4 && raw[0] == 239, "group", "239.1.1.1");
	check(!parse_group("ff15::1", raw, &len, &bad) && len == 16 && raw[15] == 1, "group", "ff15::1");
	check(!parse_group("01:02:03:04:05:06", raw, &len, &bad) && len == 6 && raw[5] == 6, "group", "01:02:03:04:05:06");
	for (size_t i = 0; i < VN_COUNT(wrong); i++) {
		refused(parse_group(wrong[i], raw, &len, &bad), &bad, "group refuses", wrong[i]);
		check(strstr(bad.msg, "address of a group") != NULL, "group explains", wrong[i]);
	}
	check(!parse_inet("2001:db8::1", raw, &len, &bad) && len == 16, "inet", "2001:db8::1");
	check(!parse_inet("10.0.0.1", raw, &len, &bad) && len == 4, "inet", "10.0.0.1");
	for (size_t i = 0; i < VN_COUNT(no_inet); i++)
		refused(parse_inet(no_inet[i], raw, &len, &bad), &bad, "inet refuses", no_inet[i]);
}

static void test_names(void)
{
	static const char *const wrong[] = { "", ".", "..", "a/b", "a b", "a:b", "abcdefghijklmnop", "a%d" };
	struct bad bad;

	check(!parse_ifname("vmnet8", &bad), "name", "vmnet8");
	check(!parse_ifname("abcdefghijklmno", &bad), "name", "abcdefghijklmno");
	for (size_t i = 0; i < VN_COUNT(wrong); i++)
		refused(parse_ifname(wrong[i], &bad), &bad, "name refuses", wrong[i]);
}

enum { W_NAME, W_COUNT, W_GROUP, W_UDP, W_FLAG, W_GUEST, W_PROTOCOL, W_PVID };

static const struct kw words[] = {
	[W_NAME] = { "name", KT_NAME, NULL, NULL, 0, KW_REQUIRED | KW_BARE, 0 },
	[W_COUNT] = { "sessions", KT_UINT, NULL, &vn_set_nat, VNET_NAT_MAX_SESSIONS, 0, 0 },
	[W_GROUP] = { "timeout", KT_FLAG, NULL, NULL, 0, KW_GROUP, 1 },
	[W_UDP] = { "udp", KT_SECONDS, NULL, &vn_set_timeout, VNET_TIMEOUT_UDP, 0, 1 },
	[W_FLAG] = { "down", KT_FLAG, NULL, NULL, 0, 0, 0 },
	[W_GUEST] = { "guest", KT_IPV4, NULL, &vn_set_session, VNET_SESSION_INTERNAL_ADDR, 0, 0 },
	[W_PROTOCOL] = { "vlan-protocol", KT_ENUM, NULL, &vn_set_link, VNET_LINK_VLAN_PROTOCOL, 0, 0 },
	[W_PVID] = { "pvid", KT_FLAG, NULL, &vn_set_vlan, VNET_VLAN_PVID, 0, 0 },
};

static int parse_words(struct args *args, struct bad *bad, const char *line)
{
	static char copy[128];
	char *argv[16], *rest = copy, *word;
	int argc = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	while ((word = strsep(&rest, " ")))
		if (*word)
			argv[argc++] = word;
	return args_parse(args, words, VN_COUNT(words), argc, argv, bad);
}

static void test_args(void)
{
	static const struct {
		const char *line;
		const char *says;
	} wrong[] = {
		{ "", "expected NAME" },
		{ "x sessions", "expected sessions N" },
		{ "x sessions 0", "1..16777216" },
		{ "x sessions 16777217", "1..16777216" },
		{ "x sessionx 5", "did you mean 'sessions'" },
		{ "x udp 5s", "expected a keyword" },
		{ "x sessions 5 sessions 6", "twice" },
		{ "x timeout udp 5s down udp 6s", "expected a keyword" },
		{ "x guest 1.2.3", "expected an IPv4 address, got '1.2.3'" },
		{ "x vlan-protocol 802.1x", "expected 802.1Q or 802.1ad, got '802.1x'" },
		{ "x vlan-protocol 33024", "expected 802.1Q or 802.1ad, got '33024'" },
	};
	struct args args;
	struct bad bad;

	for (size_t i = 0; i < VN_COUNT(wrong); i++)
		check(parse_words(&args, &bad, wrong[i].line) && strstr(bad.msg, wrong[i].says), "args refuses", wrong[i].line);
	check(!parse_words(&args, &bad, "down sessions 5") && !strcmp(args.val[W_NAME].word, "down") &&
	      !args.val[W_FLAG].set, "args", "a device may be called as a keyword");
	check(!parse_words(&args, &bad, "name x down timeout udp 5m sessions 7 guest 10.0.0.1") && args.val[W_FLAG].set &&
	      args.val[W_UDP].num == 300 && args.val[W_COUNT].num == 7, "args", "all kinds");
}

static void test_put(void)
{
	const struct nlattr *tb[VN_ATTR_MAX + 1], *inner[VNET_TIMEOUT_MAX + 1];
	struct vn_sock s = { .family = 20 };
	struct vn_req req;
	struct args args;
	struct bad bad;

	check(!parse_words(&args, &bad, "x guest 10.0.0.1 timeout udp 5m"), "put", "words");
	vn_req_genl(&s, &req, VNET_CMD_NAT_SET, 0);
	args_put(&args, req.nlh);
	args_put_group(&args, 1, VNET_NAT_TIMEOUTS, req.nlh);
	vn_parse_genl(req.nlh, tb, VN_ATTR_MAX);
	check(tb[VNET_SESSION_INTERNAL_ADDR] && ntohl((uint32_t)vn_attr_uint(tb[VNET_SESSION_INTERNAL_ADDR])) == 0x0a000001,
	      "put", "address in network byte order");
	check(tb[VNET_NAT_TIMEOUTS] != NULL, "put", "nest");
	if (!tb[VNET_NAT_TIMEOUTS])
		return;
	vn_parse_nest(tb[VNET_NAT_TIMEOUTS], inner, VNET_TIMEOUT_MAX);
	check(inner[VNET_TIMEOUT_UDP] && vn_attr_uint(inner[VNET_TIMEOUT_UDP]) == 300, "put", "seconds in the nest");
}

/* EtherTypes are big-endian on the wire and names for people; a flag is a 1. */
static void test_put_vlan(void)
{
	static const struct field fields[] = { { VNET_LINK_VLAN_PROTOCOL, "protocol %s", 0, OUT_PLAIN } };
	static const uint8_t wire[] = { 0x88, 0xa8 };
	const struct nlattr *tb[VN_ATTR_MAX + 1];
	struct vn_sock s = { .family = 20 };
	struct out out = { .json = false };
	char text[OUT_TEXT_MAX] = "";
	struct vn_req req;
	struct args args;
	struct bad bad;

	check(!parse_words(&args, &bad, "x vlan-protocol 802.1AD"), "put", "802.1AD");
	vn_req_genl(&s, &req, VNET_CMD_LINK_SET, 0);
	args_put(&args, req.nlh);
	vn_parse_genl(req.nlh, tb, VN_ATTR_MAX);
	check(tb[VNET_LINK_VLAN_PROTOCOL] && mnl_attr_get_payload_len(tb[VNET_LINK_VLAN_PROTOCOL]) == sizeof(wire) &&
	      !memcmp(mnl_attr_get_payload(tb[VNET_LINK_VLAN_PROTOCOL]), wire, sizeof(wire)), "put", "EtherType");
	out.file = fmemopen(text, sizeof(text), "w");
	if (out.file) {
		out_fields(&out, &vn_set_link, fields, VN_COUNT(fields), tb);
		fclose(out.file);
	}
	check(!strcmp(text, "protocol 802.1ad"), "EtherType as text", text);
	check(!parse_words(&args, &bad, "x pvid"), "put", "pvid");
	vn_req_genl(&s, &req, VNET_CMD_VLAN_NEW, 0);
	args_put(&args, req.nlh);
	vn_parse_genl(req.nlh, tb, VN_ATTR_MAX);
	check(tb[VNET_VLAN_PVID] && vn_attr_uint(tb[VNET_VLAN_PVID]) == 1, "put", "a flag");
}

/* A kernel's refusal that points into a nest is named by its path. */
static void test_error(void)
{
	char buf[512] __attribute__((aligned(8))) = { 0 };
	struct vn_sock s = { .family = 20 };
	struct nlmsghdr *nlh = (struct nlmsghdr *)buf;
	struct nlmsgerr *report;
	struct nlattr *nest;
	struct vn_req req;
	struct vn_err err;

	vn_req_genl(&s, &req, VNET_CMD_NAT_SET, 0);
	mnl_attr_put_u32(req.nlh, VNET_NAT_VNET, 5);
	nest = mnl_attr_nest_start(req.nlh, VNET_NAT_TIMEOUTS);
	mnl_attr_put_u32(req.nlh, VNET_TIMEOUT_UDP, 5);
	mnl_attr_put_u32(req.nlh, VNET_TIMEOUT_ICMP, 0);
	mnl_attr_nest_end(req.nlh, nest);
	nlh = mnl_nlmsg_put_header(buf);
	nlh->nlmsg_type = NLMSG_ERROR;
	nlh->nlmsg_flags = NLM_F_ACK_TLVS | NLM_F_CAPPED;
	report = mnl_nlmsg_put_extra_header(nlh, sizeof(*report));
	report->error = -34;
	mnl_attr_put_strz(nlh, 1, "integer out of range");
	mnl_attr_put_u32(nlh, 2, NLMSG_HDRLEN + GENL_HDRLEN + 8 + 4 + 8);
	vn_err_decode(&err, nlh, &req);
	check(err.code == 34 && err.explained && !strcmp(err.msg, "integer out of range"), "error", err.msg);
	check(!strcmp(err.attr, "timeouts.icmp"), "error names", err.attr);
}

static void test_plan(void)
{
	static const struct {
		uint32_t net;
		uint32_t len;
		uint32_t host;
		uint32_t gateway;
		uint32_t addr;
		uint32_t first;
		uint32_t last;
	} rows[] = {
		{ 0xc0a88500, 24, 1, 2, 254, 128, 253 },  { 0xc0a88500, 24, 254, 0, 253, 128, 252 },
		{ 0xc0a88500, 24, 1, 254, 253, 128, 252 }, { 0xc0a88500, 25, 1, 2, 126, 64, 125 },
		{ 0xc0a88500, 29, 1, 2, 6, 4, 5 },	   { 0x0a000000, 16, 1, 2, 65534, 32768, 65533 },
		{ 0xc0a88500, 24, 200, 2, 254, 128, 199 },
	};
	struct svc_info info;

	for (size_t i = 0; i < VN_COUNT(rows); i++) {
		info = (struct svc_info){ .net = rows[i].net, .prefix_len = rows[i].len, .host = rows[i].net + rows[i].host };
		check(!svc_plan(&info, rows[i].gateway ? rows[i].net + rows[i].gateway : 0) &&
		      info.addr - info.net == rows[i].addr && info.first - info.net == rows[i].first &&
		      info.last - info.net == rows[i].last, "plan", "row");
	}
	info = (struct svc_info){ .net = 0xc0a88500, .prefix_len = 30, .host = 0xc0a88501 };
	check(svc_plan(&info, 0xc0a88502) < 0, "plan refuses", "/30");
	check(default_gateway(0xc0a88500, 0xc0a88501) == 0xc0a88502 && default_gateway(0xc0a88500, 0xc0a88502) == 0xc0a88501,
	      "default gateway", "never the host's address");
}

static void test_lease(void)
{
	struct lease lease;

	check(!lease_parse("1700000000 52:54:00:12:34:56 192.168.133.130 web1 01:52:54:00:12:34:56\n", &lease) &&
	      lease.addr == 0xc0a88582 && !strcmp(lease.name, "web1") && lease.expires == 1700000000, "lease", "web1");
	check(!lease_parse("0 52:54:00:12:34:56 192.168.133.130 * *\n", &lease) && !lease.name[0], "lease", "no name");
	check(lease_parse("duid 00:01:00:01\n", &lease) < 0, "lease refuses", "duid");
	check(lease_parse("", &lease) < 0, "lease refuses", "nothing");
}

static void test_nearest(void)
{
	static const char *const names[] = { "link", "port", "forward", "session" };

	check(nearest("prot", names, 4) == names[1], "nearest", "prot");
	check(nearest("fwd", names, 4) == NULL || nearest("fwd", names, 4) == names[2], "nearest", "fwd");
	check(!nearest("zzzzzz", names, 4), "nearest", "zzzzzz");
}

static void test_text(void)
{
	char text[OUT_TEXT_MAX];

	check(!strcmp(text_time(text, sizeof(text), 7380000), "2h3m"), "time", text);
	check(!strcmp(text_time(text, sizeof(text), 7200000), "2h"), "time", text);
	check(!strcmp(text_time(text, sizeof(text), 120), "120ms"), "time", text);
	check(!strcmp(text_time(text, sizeof(text), 0), "0s"), "time", text);
	check(!strcmp(text_count(text, sizeof(text), 1234567, true), "1.23M"), "count", text);
	check(!strcmp(text_count(text, sizeof(text), 1234567, false), "1234567"), "count", text);
}

int main(void)
{
	test_uint();
	test_time();
	test_addresses();
	test_ports();
	test_vlans();
	test_groups();
	test_names();
	test_args();
	test_put();
	test_put_vlan();
	test_error();
	test_plan();
	test_lease();
	test_nearest();
	test_text();
	printf("%s - userland parse: %u checks, %u failed\n", n_failed ? "not ok" : "ok", n_tests, n_failed);
	return n_failed != 0;
}
