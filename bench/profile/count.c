// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin of QEMU: how often each piece of the guest's kernel ran while packets were on their way.
 *
 * The packet source (bench/gen/gen.c) marks the time with instructions that do nothing. NEXT begins a run: what was
 * counted before it is written out, as a line "begin N" and lines "ADDRESS INSTRUCTIONS" (hexadecimal address of
 * a piece without jumps; all instructions that ran there). Argument: counts=PATH.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* QEMU's qemu-plugin.h is in no package of Debian; these are what is used of it, version 1. */
typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info;
typedef void (*translated_t)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);
typedef void (*executed_t)(unsigned int cpu, void *data);
typedef void (*ended_t)(qemu_plugin_id_t id, void *data);
extern void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, translated_t callback);
extern void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, executed_t callback, int flags, void *data);
extern void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, executed_t callback, int flags,
						   void *data);
extern void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, ended_t callback, void *data);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
extern uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
extern struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
extern const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
extern size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

enum mark { MARK_NONE, MARK_ON, MARK_OFF, MARK_NEXT };

/* A piece is translated now and then anew; each time it gets a counter, and the reader adds them up. */
struct piece {
	uint64_t address;
	uint64_t length;
	uint64_t runs;
	struct piece *next;
};

static const uint8_t mark_head[] = { 0x0f, 0x1f, 0x84, 0x00 };
static const uint8_t mark_tail[] = { 0x00, 0x4e, 0x56 };

static FILE *out;
static struct piece *pieces;
static bool on;
static unsigned int runs;

static enum mark mark_of(const struct qemu_plugin_insn *insn)
{
	const uint8_t *bytes = qemu_plugin_insn_data(insn);

	if (qemu_plugin_insn_size(insn) != 8 || memcmp(bytes, mark_head, sizeof(mark_head)) ||
	    memcmp(bytes + 5, mark_tail, sizeof(mark_tail)))
		return MARK_NONE;
	return bytes[4];
}

static void write_out(void)
{
	struct piece *piece;

	fprintf(out, "begin %u\n", runs);
	for (piece = pieces; piece; piece = piece->next) {
		if (piece->runs)
			fprintf(out, "%" PRIx64 " %" PRIu64 "\n", piece->address, piece->runs * piece->length);
		piece->runs = 0;
	}
}

static void count(unsigned int cpu, void *data)
{
	struct piece *piece = data;

	(void)cpu;
	piece->runs += on;
}

static void pass_mark(unsigned int cpu, void *data)
{
	enum mark mark = (enum mark)(intptr_t)data;

	(void)cpu;
	on = mark == MARK_ON;
	if (mark == MARK_NEXT) {
		write_out();
		runs++;
	}
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t i, n = qemu_plugin_tb_n_insns(tb);
	struct piece *piece;

	(void)id;
	/* Packets never leave the kernel, whose addresses are those with the highest bit. */
	if (!(qemu_plugin_tb_vaddr(tb) >> 63))
		return;
	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		enum mark mark = mark_of(insn);

		if (mark)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, pass_mark, 0, (void *)(intptr_t)mark);
	}
	piece = calloc(1, sizeof(*piece));
	if (!piece)
		abort();
	*piece = (struct piece){ .address = qemu_plugin_tb_vaddr(tb), .length = n, .next = pieces };
	pieces = piece;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, count, 0, piece);
}

static void ended(qemu_plugin_id_t id, void *data)
{
	(void)id;
	(void)data;
	write_out();
	fclose(out);
}

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
							       int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "counts=", 7))
		return 1;
	out = fopen(argv[0] + 7, "w");
	if (!out)
		return 1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, ended, NULL);
	return 0;
}
