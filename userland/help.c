// SPDX-License-Identifier: GPL-2.0
/* Synopses, made from the tables of commands. */
#include <string.h>

#include "ctl.h"

#define WIDTH 92
#define INDENT 8

/* Words of a synopsis, wrapped. */
struct wrap {
	FILE *file;
	size_t column;
	size_t indent;
};

static void put(struct wrap *w, const char *text)
{
	size_t len = strlen(text);

	if (w->column + 1 + len > WIDTH && w->column > w->indent) {
		fprintf(w->file, "\n%*s", (int)w->indent, "");
		w->column = w->indent;
	} else if (w->column) {
		putc(' ', w->file);
		w->column++;
	}
	fputs(text, w->file);
	w->column += len;
}

static void enum_text(char *buf, size_t size, const struct kw *kw)
{
	const struct vn_attr *attr = vn_attr_find(kw->set, kw->attr);
	size_t used = 0;

	for (unsigned int i = 0; attr && attr->names && i < attr->names->n && used < size; i++)
		used += (size_t)snprintf(buf + used, size - used, "%s %s", i ? " |" : "{", attr->names->names[i]);
	if (used < size)
		snprintf(buf + used, size - used, " }");
}

static void put_keyword(struct wrap *w, const struct kw *kw)
{
	char value[192], text[256];

	snprintf(value, sizeof(value), "%s", kw_meta(kw));
	if (kw->type == KT_ENUM)
		enum_text(value, sizeof(value), kw);
	if (kw->flags & KW_BARE && kw->flags & KW_REQUIRED)
		snprintf(text, sizeof(text), "%s", value);
	else if (kw->flags & KW_BARE)
		snprintf(text, sizeof(text), "[ [ %s ] %s ]", kw->name, value);
	else if (kw->flags & KW_REQUIRED)
		snprintf(text, sizeof(text), "%s %s", kw->name, value);
	else if (kw->type == KT_FLAG && !*value)
		snprintf(text, sizeof(text), "[ %s ]", kw->name);
	else
		snprintf(text, sizeof(text), "[ %s %s ]", kw->name, value);
	put(w, text);
}

/* "[ timeout [ udp TIME ] ... ]": the group's head, its keywords, the bracket. */
static unsigned int put_group(struct wrap *w, const struct cmd *cmd, unsigned int i)
{
	unsigned int group = cmd->kws[i].group;
	char text[64];

	snprintf(text, sizeof(text), "[ %s", cmd->kws[i].name);
	put(w, text);
	for (i++; i < cmd->n && cmd->kws[i].group == group; i++)
		put_keyword(w, &cmd->kws[i]);
	put(w, "]");
	return i - 1;
}

static void help_command(FILE *file, const struct object *object, const struct cmd *cmd)
{
	struct wrap w = { .file = file, .indent = INDENT + 6 };
	char text[96];

	if (cmd->flags & CMD_DEFAULT)
		snprintf(text, sizeof(text), "vnetctl %s [ %s ]", object->name, cmd->verb);
	else
		snprintf(text, sizeof(text), "vnetctl %s %s", object->name, cmd->verb);
	put(&w, text);
	for (unsigned int i = 0; i < cmd->n; i++) {
		if (cmd->kws[i].flags & KW_GROUP)
			i = put_group(&w, cmd, i);
		else
			put_keyword(&w, &cmd->kws[i]);
	}
	fprintf(file, "\n%*s%s\n", INDENT, "", cmd->about);
}

/** help_object - the synopsis of each verb of @object. */
void help_object(FILE *file, const struct object *object)
{
	fprintf(file, "%s: %s\n", object->name, object->about);
	for (unsigned int i = 0; i < object->n; i++)
		help_command(file, object, &object->cmds[i]);
}

/** help_all - the synopsis of vnetctl. */
void help_all(FILE *file)
{
	fputs("Usage: vnetctl [ OPTIONS ] OBJECT { COMMAND | help }\n"
	      "       vnetctl [ OPTIONS ] -batch FILE\n"
	      "where  OBJECT := {\n",
	      file);
	for (size_t i = 0; i < n_objects; i++)
		fprintf(file, "            %-9s %s\n", objects[i]->name, objects[i]->about);
	fputs("       }\n"
	      "       OPTIONS := { -V[ersion] | -j[son] | -p[retty] | -d[etails] | -s[tatistics] | -br[ief] |\n"
	      "                    -o[neline] | -h[uman] | -N[umeric] | -c[olor][=always|auto|never] |\n"
	      "                    -t[imestamp] | -ts[hort] | -n[etns] NETNS | -b[atch] FILE | -force |\n"
	      "                    -echo | -q[uiet] }\n",
	      file);
}
