# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""A small disk of its own, in memory, seen by the programs that are started on it and by this process."""

import errno
import os
import pathlib
import subprocess


class SmallDisk:
    """A tmpfs in a mount namespace, which a sleeping process keeps alive."""

    def __init__(self, size, mount_point="/mnt"):
        # Who is not root becomes it in a namespace of users.
        user = [] if os.geteuid() == 0 else ["--map-root-user"]
        script = f"mount -t tmpfs -o size={size} tmpfs {mount_point} && echo mounted && exec sleep infinity"
        command = ["unshare", *user, "--mount", "sh", "-c", script]
        self.holder = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if self.holder.stdout.readline() != "mounted\n":
            reason = self.holder.communicate()[1].strip()
            raise AssertionError(f"this test needs a small disk, which it may not mount here: {reason}")
        namespaces = [f"--user={self._namespace('user')}", "--preserve-credentials"] if user else []
        self.enter = ["nsenter", *namespaces, f"--mount={self._namespace('mnt')}"]
        self.folder = f"{mount_point}/data"
        self.ballast = self.seen(f"{mount_point}/ballast")

    def _namespace(self, kind):
        return f"/proc/{self.holder.pid}/ns/{kind}"

    def seen(self, path):
        """A path on the disk as this process reaches it."""
        return pathlib.Path(f"/proc/{self.holder.pid}/root{path}")

    def fill(self, leave=0):
        """Takes all room but some bytes, whatever others take meanwhile."""
        with open(self.ballast, "ab", buffering=0) as file:
            size = max(self._room() - leave, 1)
            while size > 0:
                try:
                    os.posix_fallocate(file.fileno(), file.tell(), size)
                    return
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    size = min(size // 2, self._room() - leave)

    def _room(self):
        state = os.statvfs(self.ballast.parent)
        return state.f_bavail * state.f_frsize

    def free(self):
        self.ballast.unlink()

    def close(self):
        self.holder.kill()
        self.holder.wait()
