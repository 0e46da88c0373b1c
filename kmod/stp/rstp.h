/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rapid spanning tree protocol as state machines (IEEE 802.1D-2004 clause 17), without
 * frames, clocks or locks. Names are the standard's where it has one.
 */
#ifndef VNET_STP_RSTP_H
#define VNET_STP_RSTP_H

#include <linux/list.h>
#include <linux/types.h>
#include <uapi/linux/vnet.h>

#include "bpdu.h"

/* Timers are in 1/100 s (17.13, table 17-1). */
#define VNET_RSTP_MIGRATE_TIME 300
#define VNET_RSTP_SECOND 100
#define VNET_RSTP_TX_HOLD 6

/* Where what is known of a port's segment comes from (17.19.10). */
enum vnet_rstp_info {
	VNET_RSTP_INFO_DISABLED,
	VNET_RSTP_INFO_MINE,
	VNET_RSTP_INFO_AGED,
	VNET_RSTP_INFO_RECEIVED,
};

enum vnet_rstp_tcm {
	VNET_RSTP_TCM_INACTIVE,
	VNET_RSTP_TCM_LEARNING,
	VNET_RSTP_TCM_ACTIVE,
};

/**
 * struct vnet_rstp_port - a port of the tree
 * @node: place in struct vnet_rstp.ports
 * @id: port identifier; number 1 to 4095 and priority
 * @cost: cost of the path by it
 * @edge: enum vnet_port_edge, what the administrator says
 * @restricted: must not become the root port
 * @enabled: frames can be sent and received
 * @heard: a BPDU has come in since it was added
 * @info_is: enum vnet_rstp_info
 * @role: enum vnet_port_role
 * @selected_role: the role that it shall have
 * @tcm: enum vnet_rstp_tcm
 * @vector: what is known of its segment ("portPriority")
 * @times: timers that go with it
 * @designated: what we would say on its segment
 * @designated_times: timers that go with it
 * @agree: we agree that the neighbour forwards
 * @agreed: the neighbour agrees that we forward
 * @proposed: the neighbour wants to forward
 * @proposing: we want to forward
 * @disputed: the neighbour does not hear us
 * @sync: shall not forward before it is agreed
 * @synced: does not forward, or may
 * @re_root: another port has become the root port
 * @learn: shall learn
 * @forward: shall forward
 * @oper_edge: no bridge is behind it
 * @updt_info: @vector shall become @designated
 * @new_info: something is to be sent
 * @send_rstp: RST BPDUs are sent
 * @rcvd_rstp: an RST BPDU has come
 * @rcvd_stp: a Configuration or TCN BPDU has come
 * @rcvd_tc: topology change has come
 * @rcvd_tcn: topology change notification has come
 * @rcvd_tc_ack: its acknowledgment has come
 * @tc_ack: an acknowledgment is to be sent
 * @tc_prop: another port has seen a topology change
 * @flush: addresses behind it are to be forgotten; the caller's to clear
 * @tx_count: BPDUs sent within this second
 * @edge_delay_while: until it is an edge again
 * @fd_while: until it learns or forwards
 * @hello_when: until the next BPDU
 * @mdelay_while: until the version may change
 * @rb_while: it was a backup port not long ago
 * @rcvd_info_while: until what was received is too old
 * @rr_while: it was a root port not long ago
 * @tc_while: topology changes are told until then
 */
struct vnet_rstp_port {
	struct list_head node;
	u16 id;
	u32 cost;
	u8 edge;
	bool restricted;
	bool enabled;
	bool heard;
	u8 info_is;
	u8 role;
	u8 selected_role;
	u8 tcm;
	struct vnet_stp_vector vector;
	struct vnet_stp_times times;
	struct vnet_stp_vector designated;
	struct vnet_stp_times designated_times;
	bool agree;
	bool agreed;
	bool proposed;
	bool proposing;
	bool disputed;
	bool sync;
	bool synced;
	bool re_root;
	bool learn;
	bool forward;
	bool oper_edge;
	bool updt_info;
	bool new_info;
	bool send_rstp;
	bool rcvd_rstp;
	bool rcvd_stp;
	bool rcvd_tc;
	bool rcvd_tcn;
	bool rcvd_tc_ack;
	bool tc_ack;
	bool tc_prop;
	bool flush;
	u8 tx_count;
	u16 edge_delay_while;
	u16 fd_while;
	u16 hello_when;
	u16 mdelay_while;
	u16 rb_while;
	u16 rcvd_info_while;
	u16 rr_while;
	u16 tc_while;
};

/**
 * struct vnet_rstp - a bridge
 * @ports: its ports
 * @id: bridge identifier: priority and address
 * @times: what it says of timers while it is the root
 * @rapid: RSTP, not STP ("rstpVersion")
 * @reselect: roles are to be selected
 * @sync_all: setSyncTree() at the next turn, so that many ports cost one walk
 * @re_root_all: setReRootTree() at the next turn
 * @tc_from: the port that has seen a topology change, which the others shall hear of at the next
 *	turn; NULL for none
 * @tc_all: more than one port has
 * @synced: all ports but the root port are synced ("allSynced")
 * @root_port: the root port, NULL for the root itself
 * @root: priority vector of the bridge
 * @root_times: timers of the tree
 * @tx_credit: 1/100 s that have passed since a second was full
 * @send: sends a BPDU
 */
struct vnet_rstp {
	struct list_head ports;
	u64 id;
	struct vnet_stp_times times;
	bool rapid;
	bool reselect;
	bool sync_all;
	bool re_root_all;
	struct vnet_rstp_port *tc_from;
	bool tc_all;
	bool synced;
	struct vnet_rstp_port *root_port;
	struct vnet_stp_vector root;
	struct vnet_stp_times root_times;
	u16 tx_credit;
	void (*send)(struct vnet_rstp_port *port, const struct vnet_bpdu *bpdu);
};

/* rstp.c */
void vnet_rstp_init(struct vnet_rstp *bridge);
void vnet_rstp_add(struct vnet_rstp *bridge, struct vnet_rstp_port *port);
void vnet_rstp_del(struct vnet_rstp *bridge, struct vnet_rstp_port *port);
void vnet_rstp_enable(struct vnet_rstp *bridge, struct vnet_rstp_port *port, bool on);
void vnet_rstp_set_edge(struct vnet_rstp_port *port, u8 edge);
void vnet_rstp_receive(struct vnet_rstp *bridge, struct vnet_rstp_port *port,
		       const struct vnet_bpdu *bpdu);
void vnet_rstp_elapse(struct vnet_rstp *bridge, u32 time);
void vnet_rstp_run(struct vnet_rstp *bridge);
void vnet_rstp_transmit(struct vnet_rstp *bridge);
u16 vnet_rstp_wait(const struct vnet_rstp *bridge);

/* role.c */
int vnet_stp_vector_cmp(const struct vnet_stp_vector *a, const struct vnet_stp_vector *b);
void vnet_rstp_select(struct vnet_rstp *bridge);
bool vnet_rstp_turn_port(struct vnet_rstp *bridge, struct vnet_rstp_port *port);

/* topology.c */
bool vnet_rstp_turn_topology(struct vnet_rstp *bridge, struct vnet_rstp_port *port);

#endif
