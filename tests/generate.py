"""generate: small scenarios by chance, the same for the same seed. `scenario(seed)` is one, as an object; as a program it prints
those of the seeds FROM to TO, one a line: generate.py FROM TO."""

import json, random, sys

NODES = "ABC"
PATHS = ["k", "f", "d", "d/x"]
POINTS = ["fs.*", "fs.create_excl *", "fs.stat *", "fs.unlink *", "clock.sleep *", "watch.next", "fs.read *", "fs.mkdir *"]
SERVED = ["store.put *", "store.put *#2", "client.*", "net.receive", "net.await", "net.send *", "store.list *", "store.get *"]


def actor_step(r, client, n, posix, faults):
    p, q = r.choice(PATHS), r.choice(PATHS)
    step = r.choice([
        {"stat": p}, {"create_excl": p, "data": client}, {"create_excl": p}, {"read": p}, {"write": p, "data": client + str(n)},
        {"append": p, "data": client}, {"put": p, "data": client}, {"rename": [p, q]}, {"link": [p, q]}, {"unlink": p}, {"mkdir": "d"},
        {"rmdir": "d"}, {"list": "."}, {"sleep_ms": r.choice([5, 5, 10])}, {"watch": "."}, {"next_event": True, "timeout_ms": r.choice([5, 20])},
        {"await": "quiet"}])
    if posix and len(step) and next(iter(step)) in ("put", "append") and r.random() < .5:
        step = {"stat": p}
    if next(iter(step)) not in ("sleep_ms", "await"):
        step["as"] = "r" + str(n)
    return step


def placed(r, fault, points):
    return {**fault, "anywhere": True} if r.random() < .6 else {**fault, "at": r.choice(points)}


def actor_fault(r, names, posix):
    node, kind = r.choice(names), r.randrange(5)
    if kind == 0:
        return placed(r, {"crash": node}, POINTS)
    if kind == 1:
        return placed(r, {"pause": node, "for_ms": r.choice([3, 5, 30])}, POINTS)
    if kind == 2:
        return placed(r, {"overflow": node}, POINTS)
    if kind == 3 and posix:
        return {"torn": "fs.write *", "anywhere": r.random() < .5}
    return {"fail": r.choice(POINTS[:4] + POINTS[6:]), "anywhere": r.random() < .6}


def actors(r):
    posix = r.random() < .3
    names = list(NODES[:r.choice([2, 2, 3])])
    most = 2 if posix or len(names) == 3 else 3
    work = {name: [actor_step(r, name, n, posix, False) for n in range(r.randint(1, most))] for name in names}
    registers = [(name, step["as"]) for name in names for step in work[name] if "as" in step]
    told = lambda: {".".join(r.choice(registers)): r.choice(["ok", "ok", "ENOENT", "EEXIST"])} if registers else {"exists:k": True}
    return {
        "cluster": {"store": {"semantics": "posix" if posix else "object"}, "nodes": {name: {"role": "actor"} for name in names}},
        "init": [{"write": "f", "data": "x"}] if r.random() < .5 else [],
        "work": work,
        "faults": [actor_fault(r, names, posix) for _ in range(r.choice([0, 0, 1, 1, 2]))],
        "properties": {"p": {"finally": told()}, "q": {"finally": {"any": [told(), {"exists:k": False}]}}, "i": {"invariant": {"exists:k": False}}},
    }


def request(r, role, n):
    if role == "querier":
        step = r.choice([{"create": "app", "schema": {}}, {"query": "app"}, {"list": True}, {"delete": "app"}, {"sleep_ms": 5}])
    else:
        step = r.choice([{"create": "app", "schema": {}}, {"ingest": "app", "fields": {"a": "int"}}, {"ingest": "app", "fields": {"b": "int"}},
                         {"sleep_ms": 10}])
    return step if "sleep_ms" in step else {**step, "as": "r" + str(n)}


def cluster_fault(r, names):
    node, kind = r.choice(names), r.randrange(7)
    if kind < 2:
        fault = placed(r, {"crash": node}, SERVED)
        return {**fault, "restart_ms": r.choice([5, 100])} if r.random() < .6 else fault
    if kind == 2:
        return placed(r, {"pause": node, "for_ms": r.choice([5, 50])}, SERVED)
    if kind == 3:
        return {"drop": r.choice(["create", "answer", "sync"]), "anywhere": r.random() < .5}
    if kind == 4:
        return {"duplicate": r.choice(["create", "answer"]), "anywhere": r.random() < .5}
    if kind == 5:
        return {"delay": r.choice(["create", "answer"]), "ms": r.choice([5, 50])}
    return {"fail": r.choice(["store.put *", "store.get *"]), "anywhere": r.random() < .5}


def services(r):
    scheme = r.choice(["naive", "proxy", "proxy", "marker", "verify", "registry", "push", "hybrid"])
    nodes = {"i1": {"role": "ingestor"}, "q1": {"role": "querier"}}
    if r.random() < .4:
        nodes["i2"] = {"role": "ingestor"}
    if scheme == "registry":
        nodes["r1"] = {"role": "registry"}
    clients = [name for name in nodes if name != "r1"]
    faults = [cluster_fault(r, list(nodes)) for _ in range(r.choice([0, 1, 1, 2]))]
    most = 1 if len(nodes) > 2 or len(faults) > 1 else 2
    work = {name: [request(r, nodes[name]["role"], n) for n in range(r.randint(1, most))] for name in clients}
    answers = [f"{name}.{step['as']}" for name in clients for step in work[name] if "as" in step]
    return {
        "cluster": {"create": scheme, "lock": r.choice(["none", "none", "memory"]), "delete": r.choice(["plain", "tombstone"]),
                    "staging": r.choice(["memory", "disk"]),
                    "sync": {"notify": r.random() < .3, "load": r.random() < .5, "scan_ms": 0},
                    "net": {"retries": r.choice([0, 1]), "timeout_ms": 30, "latency_ms": r.choice([0, 1])},
                    "marker": {"lease_ms": 20, "poll_ms": 20}, "nodes": nodes},
        "work": work,
        "faults": faults,
        "properties": {"p": {"finally": {r.choice(answers): r.choice(["created", "accepted", "exists"])} if answers else {"exists:app": True}}},
    }


def scenario(seed):
    r = random.Random(seed)
    body = (actors if r.random() < .6 else services)(r)
    return {"fsrace": 1, "name": f"made-{seed}", **{key: value for key, value in body.items() if value}}


if __name__ == "__main__":
    for seed in range(int(sys.argv[1]), int(sys.argv[2]) + 1):
        print(json.dumps(scenario(seed)))
