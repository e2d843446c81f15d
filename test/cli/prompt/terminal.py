"""Runs a command on a terminal of its own, 100 columns wide; keys come by stdin, the screen goes to stdout."""

import fcntl, os, pty, select, struct, sys, termios

child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
sources = [terminal, 0]
while terminal in sources:
    for source in select.select(sources, [], [])[0]:
        try:
            data = os.read(source, 65536)
        except OSError:  # Linux's end of a terminal
            data = b""
        if not data:
            sources.remove(source)
        else:
            os.write(1 if source == terminal else terminal, data)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
