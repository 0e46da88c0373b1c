// SPDX-License-Identifier: GPL-2.0
/* KUnit: every state, kind of segment and direction of the TCP machine. */

#include <kunit/test.h>

#include "../nat/tcp.h"

/* Kinds of segments, in the order of the columns below. */
enum segment {
	SYN,
	SYN_ACK,
	ACK,
	FIN,
	RST,
	RST_ACK,
	SEGMENTS,
};

static const struct tcphdr segments[SEGMENTS] = {
	[SYN]		= { .syn = 1 },
	[SYN_ACK]	= { .syn = 1, .ack = 1 },
	[ACK]		= { .ack = 1 },
	[FIN]		= { .fin = 1, .ack = 1 },
	[RST]		= { .rst = 1 },
	[RST_ACK]	= { .rst = 1, .ack = 1 },
};

static const char * const segment_names[SEGMENTS] = {
	"SYN", "SYN+ACK", "ACK", "FIN+ACK", "RST", "RST+ACK",
};

#define S_O VNET_SESSION_STATE_SYN_OUT
#define S_I VNET_SESSION_STATE_SYN_IN
#define EST VNET_SESSION_STATE_ESTABLISHED
#define F_O VNET_SESSION_STATE_FIN_OUT
#define F_I VNET_SESSION_STATE_FIN_IN
#define F_B VNET_SESSION_STATE_FIN_BOTH
#define RES VNET_SESSION_STATE_RESET
#define UNR VNET_SESSION_STATE_UNREPLIED
#define REP VNET_SESSION_STATE_REPLIED

struct transition {
	enum vnet_session_state from;
	enum vnet_direction direction;
	enum vnet_session_state to[SEGMENTS];
};

static const struct transition transitions[] = {
	/*		  SYN  S+A  ACK  FIN  RST  R+A */
	{ S_O, VNET_OUT, { S_O, S_O, S_O, S_O, RES, RES } },
	{ S_O, VNET_IN,  { EST, EST, EST, F_I, RES, RES } },
	{ S_I, VNET_OUT, { EST, EST, EST, F_O, RES, RES } },
	{ S_I, VNET_IN,  { S_I, S_I, S_I, S_I, RES, RES } },
	{ EST, VNET_OUT, { EST, EST, EST, F_O, RES, RES } },
	{ EST, VNET_IN,  { EST, EST, EST, F_I, RES, RES } },
	{ F_O, VNET_OUT, { F_O, F_O, F_O, F_O, RES, RES } },
	{ F_O, VNET_IN,  { F_O, F_O, F_O, F_B, RES, RES } },
	{ F_I, VNET_OUT, { F_I, F_I, F_I, F_B, RES, RES } },
	{ F_I, VNET_IN,  { F_I, F_I, F_I, F_I, RES, RES } },
	{ F_B, VNET_OUT, { S_O, F_B, F_B, F_B, F_B, F_B } },
	{ F_B, VNET_IN,  { S_I, F_B, F_B, F_B, F_B, F_B } },
	{ RES, VNET_OUT, { S_O, EST, EST, F_O, RES, RES } },
	{ RES, VNET_IN,  { S_I, EST, EST, F_I, RES, RES } },
	/* Not TCP's: left alone, but for a RST, which only TCP can have. */
	{ UNR, VNET_OUT, { UNR, UNR, UNR, UNR, RES, RES } },
	{ REP, VNET_IN,  { REP, REP, REP, REP, RES, RES } },
};

static void test_next(struct kunit *test)
{
	int row, segment;

	for (row = 0; row < ARRAY_SIZE(transitions); row++) {
		const struct transition *t = &transitions[row];

		for (segment = 0; segment < SEGMENTS; segment++)
			KUNIT_EXPECT_EQ_MSG(test, t->to[segment],
					    vnet_tcp_next(t->from, &segments[segment],
							  t->direction),
					    "state %d, %s %s", t->from, segment_names[segment],
					    t->direction == VNET_OUT ? "out" : "in");
	}
}

static void test_first(struct kunit *test)
{
	int segment;

	for (segment = 0; segment < SEGMENTS; segment++) {
		const struct tcphdr *tcp = &segments[segment];

		KUNIT_EXPECT_EQ_MSG(test, tcp->rst ? RES : S_O, vnet_tcp_first(tcp, VNET_OUT),
				    "%s out", segment_names[segment]);
		KUNIT_EXPECT_EQ_MSG(test, tcp->rst ? RES : S_I, vnet_tcp_first(tcp, VNET_IN),
				    "%s in", segment_names[segment]);
	}
}

struct step {
	enum segment segment;
	enum vnet_direction direction;
};

#define CONVERSATION_MAX 10

struct conversation {
	const char *name;
	struct step steps[CONVERSATION_MAX];
	int count;
	enum vnet_session_state last;
};

static const struct conversation conversations[] = {
	{ "guest closes first",
	  { { SYN, VNET_OUT }, { SYN_ACK, VNET_IN }, { ACK, VNET_OUT }, { FIN, VNET_OUT },
	    { ACK, VNET_IN }, { FIN, VNET_IN }, { ACK, VNET_OUT } }, 7, F_B },
	{ "remote closes first",
	  { { SYN, VNET_OUT }, { SYN_ACK, VNET_IN }, { ACK, VNET_OUT }, { FIN, VNET_IN },
	    { FIN, VNET_OUT }, { ACK, VNET_IN } }, 6, F_B },
	{ "simultaneous open (RFC 5382 REQ-2a)",
	  { { SYN, VNET_OUT }, { SYN, VNET_IN }, { SYN_ACK, VNET_OUT }, { SYN_ACK, VNET_IN } },
	  4, EST },
	{ "through a forward",
	  { { SYN, VNET_IN }, { SYN_ACK, VNET_OUT }, { ACK, VNET_IN } }, 3, EST },
	{ "connection refused, then tried again",
	  { { SYN, VNET_OUT }, { RST_ACK, VNET_IN }, { SYN, VNET_OUT }, { SYN_ACK, VNET_IN } },
	  4, EST },
	{ "spoofed RST before the answer",
	  { { SYN, VNET_OUT }, { RST, VNET_IN }, { SYN_ACK, VNET_IN } }, 3, EST },
	{ "spoofed RST in the middle (RFC 7857 section 2.2)",
	  { { SYN, VNET_OUT }, { SYN_ACK, VNET_IN }, { RST, VNET_IN }, { ACK, VNET_OUT } },
	  4, EST },
	{ "port used again after the close",
	  { { SYN, VNET_OUT }, { SYN_ACK, VNET_IN }, { FIN, VNET_OUT }, { FIN, VNET_IN },
	    { RST, VNET_OUT }, { SYN, VNET_OUT } }, 6, S_O },
	{ "picked up in the middle",
	  { { ACK, VNET_OUT }, { ACK, VNET_OUT }, { ACK, VNET_IN } }, 3, EST },
	{ "a guest alone does not get past opening",
	  { { ACK, VNET_OUT }, { ACK, VNET_OUT }, { FIN, VNET_OUT }, { SYN, VNET_OUT } }, 4, S_O },
};

static void test_conversations(struct kunit *test)
{
	int i, step;

	for (i = 0; i < ARRAY_SIZE(conversations); i++) {
		const struct conversation *c = &conversations[i];
		enum vnet_session_state state;

		state = vnet_tcp_first(&segments[c->steps[0].segment], c->steps[0].direction);
		for (step = 1; step < c->count; step++)
			state = vnet_tcp_next(state, &segments[c->steps[step].segment],
					      c->steps[step].direction);
		KUNIT_EXPECT_EQ_MSG(test, c->last, state, "%s", c->name);
	}
}

static struct kunit_case tcp_cases[] = {
	KUNIT_CASE(test_first),
	KUNIT_CASE(test_next),
	KUNIT_CASE(test_conversations),
	{}
};

static struct kunit_suite tcp_suite = {
	.name = "vnet_tcp",
	.test_cases = tcp_cases,
};

kunit_test_suite(tcp_suite);
