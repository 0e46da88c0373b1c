#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""beat.py serve ADDR PORT | beat.py beat ADDR PORT INTERVAL: one TCP connection with numbered messages.

The server sends back what it gets. The client sends a number every INTERVAL seconds, checks that each comes
back once and in order, and on SIGTERM waits for the last one and prints what it has seen. It never connects
a second time: a connection that dies is what it is there to notice.
"""
import select
import signal
import socket
import struct
import sys
import time

PATIENCE = 10.0  # seconds that a silent connection is given, as a person at an SSH prompt would
stopping = False


def serve(addr, port):
    with socket.create_server((addr, port)) as listener:
        conn, _ = listener.accept()
        with conn:
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while data := conn.recv(65536):
                conn.sendall(data)


def retransmits(sock):
    info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
    return struct.unpack_from("I", info, 100)[0]  # tcpi_total_retrans


def receive(sock, buffer, expected):
    """Check the numbers that came; return what is left of the buffer and the next number expected."""
    data = sock.recv(65536)
    if not data:
        sys.exit("the peer closed the connection")
    buffer += data
    while b"\n" in buffer:
        line, buffer = buffer.split(b"\n", 1)
        if int(line) != expected:
            sys.exit(f"expected the echo of message {expected}, got {line!r}")
        expected += 1
    return buffer, expected


def beat(addr, port, interval):
    sock = socket.create_connection((addr, port), timeout=PATIENCE)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sent = echoed = 0
    buffer = b""
    gap = 0.0
    due = last = time.monotonic()
    while not (stopping and echoed == sent):
        now = time.monotonic()
        if now - last > PATIENCE:
            sys.exit(f"message {echoed} of {sent} did not come back in {PATIENCE} s")
        if not stopping and now >= due:
            sock.sendall(b"%d\n" % sent)
            sent += 1
            due = now + interval
        if select.select([sock], [], [], max(0.0, min(due - now, interval)))[0]:
            buffer, echoed = receive(sock, buffer, echoed)
            now = time.monotonic()
            gap = max(gap, now - last)
            last = now
    print(f"sent={sent} lost={sent - echoed} gap_ms={int(gap * 1000)} retransmits={retransmits(sock)}")


def stop(_signal, _frame):
    global stopping
    stopping = True


signal.signal(signal.SIGTERM, stop)
if sys.argv[1] == "serve":
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    serve(sys.argv[2], int(sys.argv[3]))
else:
    try:
        beat(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
    except OSError as error:
        sys.exit(f"the connection broke: {error}")
