// SPDX-License-Identifier: GPL-2.0
/* What can be set of a vnet's groups. */
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "mcast.h"
#include "port.h"
#include "vnet.h"

/* What a setting is at netlink, and what it begins with. */
struct mcast_setting {
	u16 attr;
	u8 len;
	u32 value;
};

static const struct mcast_setting mcast_settings[VNET_MCAST_N_SETTINGS] = {
#define X(name, kind, value) { VNET_LINK_MCAST_##name, sizeof(kind), value },
	VNET_MCAST_SETTINGS(X)
#undef X
};

/**
 * vnet_mcast_init_config - what a vnet begins with
 * @config: filled
 *
 * Context: Any.
 */
void vnet_mcast_init_config(struct vnet_mcast_config *config)
{
	unsigned int i;

	for (i = 0; i < VNET_MCAST_N_SETTINGS; i++)
		config->value[i] = mcast_settings[i].value;
}

/**
 * vnet_mcast_parse_config - put a request's attributes over settings
 * @config: settings before, then with the request
 * @attrs: attribute set "link", validated against its policy
 *
 * Context: Any.
 */
void vnet_mcast_parse_config(struct vnet_mcast_config *config, struct nlattr *attrs[])
{
	unsigned int i;

	for (i = 0; i < VNET_MCAST_N_SETTINGS; i++) {
		const struct nlattr *attr = attrs[mcast_settings[i].attr];

		if (attr)
			config->value[i] = mcast_settings[i].len == sizeof(u8) ? nla_get_u8(attr)
									     : nla_get_u32(attr);
	}
}

/**
 * vnet_mcast_put_config - say what is set
 * @skb: message
 * @config: the settings
 *
 * Context: Any.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_mcast_put_config(struct sk_buff *skb, const struct vnet_mcast_config *config)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < VNET_MCAST_N_SETTINGS; i++) {
		const struct mcast_setting *one = &mcast_settings[i];
		u32 value = READ_ONCE(config->value[i]);

		err = one->len == sizeof(u8) ? nla_put_u8(skb, one->attr, value)
					     : nla_put_u32(skb, one->attr, value);
	}
	return err;
}

/* Our own queries begin, or end. */
static void mcast_start_querier(struct vnet_mcast *mcast, bool on)
{
	u64 now = get_jiffies_64();
	unsigned int family;

	lockdep_assert_held(&mcast->hash.lock);
	for (family = 0; family < VNET_MCAST_FAMILIES; family++) {
		mcast->startup[family] = vnet_mcast_setting(mcast, VNET_MCAST_STARTUP_QUERY_CNT);
		mcast->next_query[family] = now;
		WRITE_ONCE(mcast->answered[family], on ?
			   now + vnet_mcast_time(mcast, VNET_MCAST_QUERY_RESPONSE_INTVL) : 0);
	}
	if (on)
		vnet_mcast_wake(mcast, now);
}

/**
 * vnet_mcast_apply - change how a vnet deals with groups
 * @vnet: the vnet
 * @config: how from now on
 *
 * What was learned is forgotten when snooping ends.
 *
 * Context: Process, RTNL held.
 */
void vnet_mcast_apply(struct vnet *vnet, const struct vnet_mcast_config *config)
{
	struct vnet_mcast *mcast = &vnet->mcast;
	bool snoops = config->value[VNET_MCAST_SNOOPING], queries, queried;
	struct vnet_port *port;
	unsigned int i;

	ASSERT_RTNL();
	queries = snoops && config->value[VNET_MCAST_QUERIER];
	queried = vnet_mcast_setting(mcast, VNET_MCAST_SNOOPING) &&
		  vnet_mcast_setting(mcast, VNET_MCAST_QUERIER);
	spin_lock_bh(&mcast->hash.lock);
	for (i = 0; i < VNET_MCAST_N_SETTINGS; i++)
		WRITE_ONCE(mcast->config.value[i], config->value[i]);
	if (queries != queried)
		mcast_start_querier(mcast, queries);
	else if (queries)
		vnet_mcast_wake(mcast, get_jiffies_64());
	spin_unlock_bh(&mcast->hash.lock);
	list_for_each_entry(port, &vnet->ports, node)
		assign_bit(VNET_PORT_FLAG_SNOOPING, &port->flags, snoops);
	if (!snoops)
		vnet_mcast_forget(vnet);
}
