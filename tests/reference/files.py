"""A Linux directory with inotify, from the manual pages.

Files are apart from their names: `inode` is the file, a *link* is a name of it in a directory (a dentry, in the kernel's words).
An open descriptor holds the link through which it was opened. That is how the kernel does it, and it is to be seen: an event
of an open file bears the name under which its link stands now, or stood last.
"""
ROOT = 0
DIRECTORY = None  # the content of a directory


class Errno(Exception):
    """A call that failed; its text is the errno's name."""


class Files:
    """The store, and an inotify queue for each node that watches."""

    __slots__ = ("names", "links", "content", "opened", "queues", "births")

    def __init__(self):
        self.names = {}  # (link of the directory, name) -> link
        self.links = {ROOT: (None, "", ROOT)}  # link -> (link of its directory, name, inode), unlinked ones that are held, too
        self.content = {ROOT: DIRECTORY}  # inode -> text
        self.opened = {}  # link -> how many descriptors hold it
        self.queues = {}  # node -> (watches, events): ((inode or None, path), ...), ((watch, kind, is a directory, name), ...)
        self.births = 1

    def copy(self):
        new = Files.__new__(Files)
        new.names, new.links, new.content = self.names.copy(), self.links.copy(), self.content.copy()
        new.opened, new.queues, new.births = self.opened.copy(), self.queues.copy(), self.births
        return new

    # ---- names ----

    def find(self, path):
        """The link at a path: ENOENT if a component is missing, ENOTDIR if one that has to be a directory is none (man 7
        path_resolution)."""
        link = ROOT
        if path != ".":
            for name in path.split("/"):
                self.need_directory(link)
                link = self.names.get((link, name))
                if link is None:
                    raise Errno("ENOENT")
        return link

    def place(self, path):
        """Where a name is, or would be: the link of its directory, which has to be there, and the name."""
        above, _, name = path.rpartition("/")
        directory = self.find(above or ".")
        self.need_directory(directory)
        return directory, name

    def need_directory(self, link):
        if not self.is_directory(link):
            raise Errno("ENOTDIR")

    def is_directory(self, link):
        return self.content[self.links[link][2]] is DIRECTORY

    def names_in(self, directory):
        return sorted(name for above, name in self.names if above == directory)

    def linked(self, link):
        above, name, _ = self.links[link]
        return link == ROOT or self.names.get((above, name)) == link

    def add(self, place, inode):
        link = self.births
        self.births += 1
        self.links[link] = (*place, inode)
        self.names[place] = link
        return link

    def make(self, place, content):
        self.content[self.births] = content
        link = self.add(place, self.births)
        self.tell(place[0], "CREATE", place[1], content is DIRECTORY)
        return link

    def take_away(self, link):
        """The name goes; the link stays as long as somebody holds it."""
        above, name, _ = self.links[link]
        del self.names[above, name]

    def let_go(self, link):
        """Nobody may hold this link any more. A link that has no name is held by descriptors and by what is (or was, and is
        still open) in it. With the last link the file goes, which is when its watches hear of it: "DELETE_SELF, watched
        file/directory was itself deleted. In addition, an IN_IGNORED event" (man 7 inotify; the moment: kernel/delete_self.c)."""
        if link is None or self.linked(link) or self.opened.get(link):
            return
        if any(above == link for above, _, _ in self.links.values()):
            return
        above, _, inode = self.links.pop(link)
        others = [other for other, (_, _, of) in self.links.items() if of == inode]
        if not any(self.linked(other) for other in others):
            self.end_watches(inode)
        if not others:
            del self.content[inode]
        self.let_go(above)

    # ---- system calls ----

    def stat(self, path):
        return "dir" if self.is_directory(self.find(path)) else "file"

    def list(self, path):
        link = self.find(path)
        self.need_directory(link)
        return " ".join(self.names_in(link))

    def mkdir(self, path):
        place = self.place(path)
        if place in self.names:
            raise Errno("EEXIST")
        self.make(place, DIRECTORY)

    def rmdir(self, path):
        link = self.find(path)
        self.need_directory(link)
        if self.names_in(link):
            raise Errno("ENOTEMPTY")
        self.remove(link, True)

    def unlink(self, path):
        link = self.find(path)
        if self.is_directory(link):
            raise Errno("EISDIR")  # man 2 unlink: not EPERM, on Linux
        self.remove(link, False)

    def remove(self, link, is_directory):
        above, name, _ = self.links[link]
        self.take_away(link)
        self.let_go(link)  # before the DELETE, since Linux 5.17 (kernel/delete_self.c)
        self.tell(above, "DELETE", name, is_directory)

    def link(self, old, new):
        link = self.find(old)
        place = self.place(new)
        if place in self.names:
            raise Errno("EEXIST")
        if self.is_directory(link):
            raise Errno("EPERM")
        self.add(place, self.links[link][2])
        self.tell(place[0], "CREATE", place[1], False)

    def rename(self, old, new, replace=True):
        """man 2 rename. The order of the errors: both directories have to be there, then the old name, then what it says of
        the new one."""
        origin, place = self.place(old), self.place(new)
        link, victim = self.names.get(origin), self.names.get(place)
        if link is None:
            raise Errno("ENOENT")
        if victim is not None and not replace:
            raise Errno("EEXIST")
        self.move(link, origin, place)

    def move(self, link, origin, place):
        victim = self.names.get(place)
        is_directory = self.is_directory(link)
        above = place[0]
        while above is not None:
            if above == link:
                raise Errno("EINVAL")  # "to make a directory a subdirectory of itself"
            above = self.links[above][0]
        if victim is not None:
            above = origin[0]
            while above is not None:
                if above == victim:
                    raise Errno("ENOTEMPTY")  # it contains what is to take its place
                above = self.links[above][0]
            if self.links[victim][2] == self.links[link][2]:
                return  # "hard links referring to the same file: rename() does nothing, and returns a success status"
            if is_directory and not self.is_directory(victim):
                raise Errno("ENOTDIR")
            if not is_directory and self.is_directory(victim):
                raise Errno("EISDIR")
            if is_directory and self.names_in(victim):
                raise Errno("ENOTEMPTY")
            self.take_away(victim)
        del self.names[origin]
        self.links[link] = (*place, self.links[link][2])
        self.names[place] = link
        self.tell(origin[0], "MOVED_FROM", origin[1], is_directory)
        self.tell(place[0], "MOVED_TO", place[1], is_directory)
        if victim is not None:
            self.let_go(victim)

    def open(self, path, mode):
        """`mode` is how it may be used, and how it is opened: `read`; `write` (O_CREAT, O_TRUNC); `append` (O_CREAT, O_APPEND);
        `excl` (O_CREAT, O_EXCL). The descriptor is (link, mode)."""
        if mode == "read":
            link = self.find(path)
        elif path == ".":
            raise Errno("EISDIR")
        else:
            place = self.place(path)
            link = self.names.get(place)
            if link is None:
                link = self.make(place, "")
            elif mode == "excl":
                raise Errno("EEXIST")
            elif self.is_directory(link):
                raise Errno("EISDIR")
            elif mode == "write":
                self.content[self.links[link][2]] = ""
        self.opened[link] = self.opened.get(link, 0) + 1
        return link, mode

    def read(self, descriptor):
        content = self.content[self.links[descriptor[0]][2]]
        if content is DIRECTORY:
            raise Errno("EISDIR")
        return content

    def write(self, descriptor, data):
        """The first write of a descriptor: at its beginning, over what is there, or at the end of the file if it appends."""
        link, mode = descriptor
        inode = self.links[link][2]
        old = self.content[inode]
        self.content[inode] = old + data if mode == "append" else data + old[len(data):]

    def close(self, descriptor):
        link, mode = descriptor
        if mode != "read":
            above, name, inode = self.links[link]
            self.tell(above, "CLOSE_WRITE", name, False)  # after an unlink, too: see IN_EXCL_UNLINK in man 7 inotify
            self.tell_itself(inode, "CLOSE_WRITE")
        self.opened[link] -= 1
        if not self.opened[link]:
            del self.opened[link]
        self.let_go(link)

    def open_private(self):
        """A file whose name nobody else sees."""
        link = self.births
        self.births += 1
        self.content[link] = ""
        self.links[link] = (None, "", link)
        self.opened[link] = 2  # the descriptor, and the name that we do not keep
        return link, "write"

    def publish(self, link, path):
        """rename(2) from a private name."""
        place = self.place(path)
        origin = (None, "")
        self.names[origin] = link
        try:
            self.move(link, origin, place)
        except Errno:
            del self.names[origin]
            raise
        self.forget_private(link)

    def forget_private(self, link):
        self.opened[link] -= 1
        if not self.opened[link]:
            del self.opened[link]
        self.let_go(link)

    # ---- inotify ----

    def watch(self, node, path):
        """inotify_add_watch(2): a file that this queue watches already keeps its watch; the program knows it by the new path."""
        self.need_queue(node)
        inode = self.links[self.find(path)][2]
        watches, events = self.queues[node]
        for i, (watched, _) in enumerate(watches):
            if watched == inode:
                watches = (*watches[:i], (inode, path), *watches[i + 1:])
                break
        else:
            watches = (*watches, (inode, path))
        self.queues[node] = (watches, events)

    def need_queue(self, node):
        """inotify_init(2)"""
        self.queues.setdefault(node, ((), ()))

    def tell(self, directory, kind, name, is_directory):
        """An event of a name in a directory."""
        if directory is not None:
            self.notify(self.links[directory][2], (kind, is_directory, name))

    def tell_itself(self, inode, kind):
        self.notify(inode, (kind, False, None))

    def notify(self, inode, event):
        for node, (watches, events) in self.queues.items():
            for watch, (watched, _) in enumerate(watches):
                if watched == inode:
                    self.queue(node, (watch, *event))

    def queue(self, node, event):
        """"If successive output inotify events are identical, they are coalesced" (man 7 inotify): with the last one alone. And
        a queue that has overflowed stays full until it is read."""
        watches, events = self.queues[node]
        if not events or events[-1] != event and events[0][1] != "OVERFLOW":
            self.queues[node] = (watches, (*events, event))

    def end_watches(self, inode):
        self.tell_itself(inode, "DELETE_SELF")
        self.tell_itself(inode, "IGNORED")
        for node, (watches, events) in self.queues.items():
            if any(watched == inode for watched, _ in watches):
                left = tuple((None if watched == inode else watched, path) for watched, path in watches)
                self.queues[node] = (left, events)

    def has_event(self, node):
        """IGNORED is no news for a program, but it stands between its neighbours in the queue."""
        return node in self.queues and any(kind != "IGNORED" for _, kind, _, _ in self.queues[node][1])

    def next_event(self, node):
        watches, events = self.queues[node]
        while events[0][1] == "IGNORED":
            events = events[1:]
        (watch, kind, _, name), events = events[0], events[1:]
        self.queues[node] = (watches, events)
        if kind == "OVERFLOW":
            return kind
        path = watches[watch][1]
        return kind + " " + (path if name is None else name if path == "." else path + "/" + name)

    def overflow(self, node):
        """Nothing comes into a queue that never watched anything."""
        if node in self.queues and self.queues[node][0]:
            self.queues[node] = (self.queues[node][0], ((-1, "OVERFLOW", False, None),))

    def drop_queue(self, node):
        self.queues.pop(node, None)

    # ---- to look at from outside ----

    def tree(self):
        """Path -> content, or None for a directory."""
        found = {}

        def walk(directory, prefix):
            for name in self.names_in(directory):
                link = self.names[directory, name]
                found[prefix + name] = self.content[self.links[link][2]]
                if self.is_directory(link):
                    walk(link, prefix + name + "/")

        walk(ROOT, "")
        return found

    def key(self, held):
        """All that matters of the store, whatever the numbers: files and links are numbered in the order in which they are met,
        first by name, then from `held`, the links that tasks hold. And the new numbers of these."""
        links, inodes, seen = {ROOT: 0}, {ROOT: 0}, []
        below = {}
        for (directory, name), link in self.names.items():
            below.setdefault(directory, []).append((name, link))

        def meet(link):
            above, name, inode = self.links[link]
            links[link] = len(links)
            number = inodes.setdefault(inode, len(inodes))
            seen.append((links.get(above), name, number, self.content[inode]))

        def walk(directory):
            for _, link in sorted(below[directory]):
                meet(link)
                if link in below:
                    walk(link)

        if ROOT in below:
            walk(ROOT)
        numbers = []
        for link in held:
            chain = []
            while link is not None and link not in links:
                chain.append(link)
                link = self.links[link][0]
            for new in reversed(chain):
                seen.append("unlinked")
                meet(new)
        numbers = tuple(links[link] if link is not None else None for link in held)
        queues = tuple(
            (node, tuple((inodes.get(inode), path) for inode, path in watches), events)
            for node, (watches, events) in sorted(self.queues.items()))
        return tuple(seen), numbers, queues
