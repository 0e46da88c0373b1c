// SPDX-License-Identifier: GPL-2.0
/* prove/frames: frames that are remembered, those of the corpus and the sessions that the WAN has seen. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"

#define CORPUS_MAX 512
#define LIVE_MAX 256

struct kept {
	unsigned int len;
	struct virtio_net_hdr meta;
	uint8_t *data;
};

static struct kept corpus[CORPUS_MAX];
static unsigned int corpus_n;
static struct flow live[LIVE_MAX];
static unsigned int live_n;

static unsigned int unhex(const char *text, uint8_t *to, unsigned int max)
{
	unsigned int n = 0, byte;

	while (n < max && sscanf(text, "%2x", &byte) == 1) {
		to[n++] = byte;
		text += 2;
		while (*text == ' ')
			text++;
	}
	return n;
}

/* A line is a comment, or a frame in hex; "META:" in front of it is its virtio-net header, in hex as well. */
static void corpus_line(const char *line)
{
	static uint8_t bytes[FRAME_MAX];
	struct kept *kept = &corpus[corpus_n];
	const char *colon = strchr(line, ':');

	if (*line == '#' || *line == '\n' || corpus_n == CORPUS_MAX)
		return;
	memset(&kept->meta, 0, sizeof(kept->meta));
	if (colon)
		unhex(line, (uint8_t *)&kept->meta, sizeof(kept->meta));
	kept->len = unhex(colon ? colon + 1 : line, bytes, sizeof(bytes) - 1000);
	kept->data = malloc(kept->len);
	memcpy(kept->data, bytes, kept->len);
	corpus_n++;
}

static int is_text(const struct dirent *entry)
{
	return strstr(entry->d_name, ".txt") != NULL;
}

/* In the order of the files' names: the same corpus is the same choices. */
unsigned int corpus_load(const char *directory)
{
	static char path[4096], line[3 * FRAME_MAX];
	struct dirent **entries;
	int n = scandir(directory, &entries, is_text, alphasort);

	for (int i = 0; i < n; i++) {
		FILE *file;

		snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);
		file = fopen(path, "r");
		while (file && fgets(line, sizeof(line), file))
			corpus_line(line);
		if (file)
			fclose(file);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return corpus_n;
}

bool corpus_get(struct frame *frame, unsigned int i)
{
	if (i >= corpus_n)
		return false;
	memcpy(frame->data, corpus[i].data, corpus[i].len);
	frame->len = corpus[i].len;
	frame->meta = corpus[i].meta;
	return true;
}

bool corpus_pick(struct frame *frame)
{
	return corpus_n && corpus_get(frame, rnd_below(corpus_n)) && frame->len > ETH_HEADER;
}

/* A packet that NAT has sent: from now on its answers can be made. */
void live_note(const struct frame *frame)
{
	struct flow *flow = &live[live_n++ % LIVE_MAX];
	const uint8_t *l4;
	struct layers at;

	dissect(frame, &at);
	if (!at.ip || at.fragment || at.l4 + 8 > at.end || get32(frame->data + at.ip + 12) != WAN_IP) {
		live_n--;
		return;
	}
	l4 = frame->data + at.l4;
	flow->proto = at.proto;
	flow->saddr = get32(frame->data + at.ip + 16);
	flow->daddr = WAN_IP;
	flow->sport = at.proto == 1 ? 0 : get16(l4 + 2);
	flow->dport = at.proto == 1 ? get16(l4 + 4) : get16(l4);
}

bool live_pick(struct flow *flow)
{
	unsigned int known = live_n < LIVE_MAX ? live_n : LIVE_MAX, place = rnd_below(LIVE_MAX);

	if (!rnd_percent(80) || !known)
		return false;
	*flow = live[place % known];
	return true;
}
