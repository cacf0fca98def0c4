"""A terminal on a slow line: runs a command in a pty, takes so many bytes a second, and works the panel.

Arguments: bytes a second, "answers" or "mute" (whether it says where its cursor is), the command.
Prints a line per key: the key, the text it waits for, seconds until the last byte of that text has come.
"""
import fcntl, os, pty, select, signal, struct, sys, termios, time

rate, answers, command = float(sys.argv[1]), sys.argv[2] == "answers", sys.argv[3:]
child, terminal = pty.fork()
if child == 0:
    # without a size the panel would draw for none
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
    os.execv(command[0], command)

# the foot has come with the first part
KEYS = [(None, b"STOPPED"), (b"g", b"RUNNING"), (b"x", b"STOPPED"), (b"g", b"RUNNING"), (b":", b"\x1b[24;2H"),
        (b"\x1b", b": command"), (b"x", b"STOPPED"), (b"p", b"POWER")]
QUESTION = b"\x1b[6n"
got, last, credit = b"", time.monotonic(), 0.0


def take():
    """Takes what the line carries in a moment."""
    global got, last, credit
    now = time.monotonic()
    # what the line could have carried while nothing came is lost
    credit = min(credit + (now - last) * rate, rate / 20)
    last = now
    ready = select.select([terminal], [], [], 0.01)[0]
    if ready and credit >= 1:
        come = os.read(terminal, int(credit))
        credit -= len(come)
        before = got.count(QUESTION)
        got += come
        if answers:
            os.write(terminal, b"\x1b[1;1R" * (got.count(QUESTION) - before))


try:
    for key, text in KEYS:
        begun, mark = time.monotonic(), len(got)
        if key:
            os.write(terminal, key)
        while text not in got[mark:]:
            take()
            if time.monotonic() - begun > 60:
                sys.exit(f"{key} did not show {text} in {got[mark:][-2000:]}")
        print(key, text.decode().strip("\x1b"), f"{time.monotonic() - begun:.2f}", flush=True)
        # the machine runs for a time, and pictures wait if they can
        begun = time.monotonic()
        while time.monotonic() - begun < 6:
            take()
finally:
    os.kill(child, signal.SIGTERM)
