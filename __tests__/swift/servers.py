"""OpenStack Swift in a folder: `python3 servers.py <folder> <proxy> <account> <container> <object>` (ports of 127.0.0.1).

The folder has the servers' settings, `<server>.conf`, and swift.conf. Rings and an empty drive are made there. Ends, with
its servers, when its standard input does: so nothing stays behind whoever started it, however that one ended.
"""

import os
import signal
import sys

from swift.common import utils
from swift.common.ring import RingBuilder
from swift.common.wsgi import run_wsgi

SERVERS = ("proxy", "account", "container", "object")


def make_ring(folder, server, port):
    """One drive, one copy, all on this machine."""
    builder = RingBuilder(4, 1, 1)
    here = {"ip": "127.0.0.1", "port": port, "replication_ip": "127.0.0.1", "replication_port": port}
    builder.add_dev({"id": 0, "region": 1, "zone": 1, "weight": 1.0, "device": "drive", **here})
    builder.rebalance(seed=1)
    builder.get_ring().save(os.path.join(folder, server + ".ring.gz"))


def start(folder, server):
    """In a process of its own. Without workers, a server answers in the process that it is started in."""
    pid = os.fork()
    if pid != 0:
        return pid
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    options = {}
    if server == "object":
        from swift.obj.server import global_conf_callback

        options["global_conf_callback"] = global_conf_callback
    os._exit(run_wsgi(os.path.join(folder, server + ".conf"), server + "-server", verbose=True, **options))


def main(folder, *ports):
    utils.set_swift_dir(folder)
    os.makedirs(os.path.join(folder, "drives", "drive"))
    for server, port in zip(SERVERS[1:], ports[1:]):
        make_ring(folder, server, int(port))
    pids = [start(folder, server) for server in SERVERS]
    while sys.stdin.buffer.read(1):
        pass
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    for pid in pids:
        os.waitpid(pid, 0)


main(*sys.argv[1:])
