/* SPDX-License-Identifier: GPL-2.0 */
/* Bridge protocol data units as bytes and as values (IEEE 802.1D-2004 clause 9). */
#ifndef VNET_STP_BPDU_H
#define VNET_STP_BPDU_H

#include <linux/types.h>

/* A Configuration BPDU; an RST BPDU has one byte more, the length of what version 1 adds. */
#define VNET_BPDU_CONFIG_SIZE 35
#define VNET_BPDU_SIZE 36
#define VNET_BPDU_TCN_SIZE 4

enum vnet_bpdu_type {
	VNET_BPDU_CONFIG,
	VNET_BPDU_TCN,
	VNET_BPDU_RST,
};

/* Roles as they are written into an RST BPDU (9.2.9). */
enum vnet_bpdu_role {
	VNET_BPDU_ROLE_UNKNOWN,
	VNET_BPDU_ROLE_ALTERNATE,	/* or backup */
	VNET_BPDU_ROLE_ROOT,
	VNET_BPDU_ROLE_DESIGNATED,
};

/**
 * struct vnet_stp_vector - spanning tree priority vector (17.5); less is better
 * @root: root bridge
 * @cost: path cost to it
 * @bridge: designated bridge
 * @port: its port
 */
struct vnet_stp_vector {
	u64 root;
	u64 bridge;
	u32 cost;
	u16 port;
};

/**
 * struct vnet_stp_times - what the root decides of timers, in 1/100 s
 * @message_age: age of the information
 * @max_age: age at which it is no longer true
 * @hello_time: interval between BPDUs
 * @forward_delay: time in which all bridges hear of a change
 */
struct vnet_stp_times {
	u16 message_age;
	u16 max_age;
	u16 hello_time;
	u16 forward_delay;
};

/**
 * struct vnet_bpdu - a BPDU as a value
 * @type: what it is; the rest means nothing for VNET_BPDU_TCN
 * @role: of the port that has sent it; designated for VNET_BPDU_CONFIG
 * @tc: topology change
 * @tc_ack: topology change acknowledgment; VNET_BPDU_CONFIG only
 * @proposal: the port wants to forward; VNET_BPDU_RST only, as the following
 * @learning: the port learns
 * @forwarding: the port forwards
 * @agreement: the neighbour may forward
 * @vector: what it says of the tree
 * @times: what it says of timers
 */
struct vnet_bpdu {
	enum vnet_bpdu_type type;
	enum vnet_bpdu_role role;
	bool tc;
	bool tc_ack;
	bool proposal;
	bool learning;
	bool forwarding;
	bool agreement;
	struct vnet_stp_vector vector;
	struct vnet_stp_times times;
};

bool vnet_bpdu_parse(struct vnet_bpdu *bpdu, const u8 *bytes, size_t size);
size_t vnet_bpdu_build(const struct vnet_bpdu *bpdu, u8 *bytes);

#endif
