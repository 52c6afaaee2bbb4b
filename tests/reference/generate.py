"""Small random actor scenarios: the n-th of a seed is always the same."""
import random

from program import FILE_CALLS, ONE_PATH, TWO_PATHS, plan, verb_of

FILES = ("a", "b", "d/x")
DIRECTORIES = ("d", "e")
ERRNOS = ("EIO", "ENOSPC", "EACCES")
MOST_CALLS = {"object": 11, "posix": 16}  # of all actors together: what an enumeration can bear

# verb: how often it is chosen
WEIGHTS = {"put": 3, "write": 4, "append": 3, "create_excl": 4, "read": 4, "stat": 3, "list": 2, "fsync": 1, "rename": 4,
           "rename_noreplace": 2, "link": 3, "unlink": 4, "mkdir": 3, "rmdir": 3}


class Generator:
    def __init__(self, seed, n):
        self.random = random.Random(f"{seed}/{n}")
        self.semantics = self.random.choice(("object", "object", "posix"))
        self.left = MOST_CALLS[self.semantics]
        self.data = iter("abcdefghijklmnopqrstuvwxyz")
        self.registers = []
        self.clients = ["A", "B", "C", "D"][:self.random.choice((2, 2, 3, 3, 4, 4))]
        if self.chance(8):
            self.clients[-1] = "A#2"
        few = len(self.clients) == 4  # the fewer names, the more to fight for
        self.files = self.random.sample(FILES, 1 if few else self.random.choice((1, 2, 2, 3)))
        self.directories = ["d"] if few else self.random.sample(DIRECTORIES, self.random.choice((1, 1, 2)))

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def text(self):
        return next(self.data) * 2  # even, so that there is no doubt about its half

    def init(self):
        steps = []
        for directory, percent in (("d", 70), ("e", 15)):
            if self.chance(percent):
                steps.append({"mkdir": directory})
        if self.chance(60):
            steps.append({"write": "a", "data": self.text()})
            if self.chance(20):
                steps.append({"link": ["a", "b"]})
        if steps and steps[0] == {"mkdir": "d"} and self.chance(25):
            steps.append({"write": "d/x", "data": self.text()})
        return steps

    def path(self, verb):
        directory = verb in ("mkdir", "rmdir", "list") and self.chance(85) or self.chance(10)
        if verb in ("list", "fsync", "stat") and self.chance(20):
            return "."
        return self.random.choice(self.directories if directory else self.files)

    def file_step(self):
        verb = self.random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        if verb in TWO_PATHS:
            names = self.directories if self.chance(20) else self.files
            if self.chance(15):
                names = self.files + self.directories
            return {verb: [self.random.choice(names), self.random.choice(names)]}
        step = {verb: self.path(verb)}
        if verb in ("put", "write", "append") or verb == "create_excl" and self.chance(70):
            step["data"] = self.text()
        return step

    def cost(self, step):
        return len(plan(verb_of(step), step, "posix", "")) if self.semantics == "posix" else 1

    def predicate(self, client):
        kind = self.random.randrange(4)
        mine = [name for name in self.registers if name.startswith(client + ".")]
        others = [name for name in self.registers if not name.startswith(client + ".")]
        if kind == 0 and mine:
            return {self.random.choice(mine): self.random.choice(("ok", "ENOENT", "EEXIST"))}
        if kind == 1 and others:
            return {self.random.choice(others): self.random.choice(("ok", "ENOENT", {"ne": "ok"}))}
        if kind == 2:
            return {f"content:{self.random.choice(self.files)}": self.random.choice(("aa", "bb", {"ne": "aa"}))}
        return {f"exists:{self.random.choice(self.files + self.directories)}": self.chance(70)}

    def steps(self, client, most):
        steps = []
        while len(steps) < most:
            step = {"sleep_ms": 5} if self.chance(6) else self.file_step()
            if self.chance(4):
                step = {"await": self.predicate(client), **({"timeout_ms": 4} if self.chance(60) else {})}
            cost = self.cost(step) if not {"sleep_ms", "await"} & set(step) else 1
            if cost > self.left:
                break
            self.left -= cost
            if "sleep_ms" not in step:
                step["as"] = f"r{len(steps)}"
            if self.chance(10) and self.left >= 3:
                predicate = self.predicate(client)
                self.left -= 1 if self.semantics == "object" else 3
                if self.chance(60):
                    step["when"] = predicate
                else:
                    otherwise = {"stat": self.random.choice(self.files), "as": f"r{len(steps)}"}
                    step = {"if": predicate, "then": [step], "else": [otherwise]}
            if "as" in step:
                self.registers.append(f"{client}.{step['as']}")
            steps.append(step)
        return steps

    def watcher(self, client):
        steps = []
        for n in range(1 if self.chance(75) else 2):
            steps.append({"watch": self.random.choice((".", "d", "d", "a", "d/x")), "as": f"w{n}"})
        for n in range(self.random.choice((1, 2, 2, 3))):
            step = {"next_event": True, "as": f"e{n}"}
            if self.chance(60):
                step["timeout_ms"] = 3
            elif self.chance(60):
                step["when"] = {f"{client}.w0": "ok"}
            steps.append(step)
        self.left -= len(steps)
        return steps

    def points(self, node, work):
        """Points of file calls at which a fault may strike, or an order may take hold."""
        for client, steps in work.items():
            if client.split("#")[0] == node:
                for step in steps:
                    if not {"if", "when"} & set(step) and verb_of(step) in (*FILE_CALLS, *ONE_PATH, *TWO_PATHS, "put"):
                        yield from (call[0] for call in plan(verb_of(step), step, self.semantics, ".tmp")
                                    if ".tmp" not in call[0])

    def faults(self, work):
        node = self.random.choice(list(work)).split("#")[0]
        points = list(self.points(node, work))
        kind = self.random.choice(("crash", "crash", "pause", "pause", "fail", "fail", "torn", "overflow", "slow"))
        fault = {kind: node}
        if kind == "slow":
            return [{"slow": node, "anywhere": True}]
        if kind in ("fail", "torn"):
            points = [point for point in points if kind == "fail" or self.semantics == "posix" and point.startswith("fs.write")]
            looks = any("exists:" in str(step) or "content:" in str(step) for steps in work.values() for step in steps)
            if not points or looks:
                return []
            fault = {kind: self.random.choice(points), "node": node}
            if kind == "fail":
                fault["errno"] = self.random.choice(ERRNOS)
        if kind == "pause" and self.chance(50):
            fault["for_ms"] = 4
        if kind == "overflow" and not any("watch" in step for steps in work.values() for step in steps):
            return []
        if kind in ("crash", "pause") and points and self.chance(40):
            fault["at"] = self.random.choice(points)
            if self.chance(20):
                fault["at"] += "#2"
        elif kind not in ("fail", "torn") or self.chance(40):
            fault["anywhere"] = True
        return [fault]

    def before(self, work):
        """A pair of steps that are sure to come, and wait for nothing."""
        sides = []
        for client in self.random.sample(list(work), 2):
            step = work[client][0] if not sides else self.random.choice(work[client])
            if {"if", "when", "sleep_ms", "next_event"} & set(step):
                return None
            sides.append(f"{client}: {plan(verb_of(step), step, self.semantics, '.tmp')[0][0]}")
            if "watch" in work[client][0] and len(sides) == 2 or ".tmp" in sides[-1]:
                return None
        return {"before": [sides]}

    def invariant(self):
        one, other = self.random.choices(self.files + self.directories, k=2)
        return self.random.choice((
            {"not": {"all": [{f"exists:{one}": True}, {f"exists:{other}": True}]}},
            {"any": [{f"exists:{one}": True}, {f"exists:{other}": True}]},
            {f"content:{self.random.choice(self.files)}": {"ne": "bb"}}))

    def scenario(self):
        clients, init = self.clients, self.init()
        watches = self.chance(45)
        programs = {}
        for client in clients:
            most = self.random.choice({2: (1, 2, 3, 4), 3: (1, 2, 2, 3), 4: (1, 1, 1, 2)}[len(clients)])
            programs[client] = self.watcher(client) if watches and client == clients[0] else self.steps(client, most)
        work = {client: steps for client, steps in programs.items() if steps} or {"A": [{"stat": "a"}]}
        if self.chance(5):
            work[self.random.choice(list(work))].insert(0, {"await": "quiet"})
        document = {"cluster": {"store": {"semantics": self.semantics},
                                "nodes": {client.split("#")[0]: {"role": "actor"} for client in work}},
                    "init": init, "work": work}
        if self.chance(30):
            document["faults"] = self.faults(work)
        elif len(work) > 1 and self.chance(12) and not any("await" in step for steps in work.values() for step in steps):
            order = self.before(work)
            if order:
                document["order"] = order
        if self.chance(20):
            document["time"] = "free"
        if self.chance(25):
            document["properties"] = {"invariant": {"invariant": self.invariant()}}
        return document


def scenario(seed, n):
    return Generator(seed, n).scenario()
