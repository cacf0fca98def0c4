"""A terminal behind a slow line: runs a command in a pty and works the panel.

Arguments: bytes a second, "answers" or "mute" (whether the terminal says where its cursor is), the command.

All that the command writes is taken at once, as a line with endless buffers takes it, and each byte is seen when the line has
carried it. So a host that is busy does not change the speed of the line.

Prints a line per key: the key, the text it waits for, and the seconds until that text is seen.
"""
import fcntl, os, pty, select, signal, struct, sys, termios, time

rate, answers, command = float(sys.argv[1]), sys.argv[2] == "answers", sys.argv[3:]
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
    os.execv(command[0], command)

KEYS = [(None, b"STOPPED"), (b"g", b"RUNNING"), (b"x", b"STOPPED"), (b"g", b"RUNNING"), (b":", b"\x1b[24;2H"),
        (b"\x1b", b": command"), (b"x", b"STOPPED"), (b"p", b"POWER")]
QUESTION = b"\x1b[6n"
sent, seen_at = b"", []
questions = []


def take(until):
    """Takes what comes, and answers the questions that are seen, until a moment."""
    global sent
    while (now := time.monotonic()) < until:
        if answers and questions and questions[0] <= now:
            questions.pop(0)
            os.write(terminal, b"\x1b[1;1R")
        if not select.select([terminal], [], [], 0.005)[0]:
            continue
        come = os.read(terminal, 65536)
        free = max(time.monotonic(), seen_at[-1] if seen_at else 0)
        seen_at.extend(free + (n + 1) / rate for n in range(len(come)))
        at = max(0, len(sent) - len(QUESTION) + 1)
        sent += come
        while (at := sent.find(QUESTION, at)) >= 0:
            at += len(QUESTION)
            questions.append(seen_at[at - 1])


try:
    for key, text in KEYS:
        begun = time.monotonic()
        mark = len(sent)
        if key:
            os.write(terminal, key)
        while (at := sent.find(text, mark)) < 0:
            take(time.monotonic() + 0.01)
            if time.monotonic() - begun > 60:
                sys.exit(f"{key} did not show {text} in {sent[mark:][-2000:]}")
        print(key, text.decode().strip("\x1b"), f"{seen_at[at + len(text) - 1] - begun:.2f}", flush=True)
        # the machine runs for a time, and pictures wait if they can
        take(time.monotonic() + 6)
finally:
    os.kill(child, signal.SIGTERM)
