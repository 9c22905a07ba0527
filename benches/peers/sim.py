#!/usr/bin/env python3
"""CPU time and memory of the simulator beside its peers', on the same workload, in one run.

    cargo build --release
    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install simfaas==0.2.2 simpy==4.1.2
    /tmp/peers/bin/python benches/peers/sim.py [--seconds 1000000] [--runs 3]

The workload: 0.9 requests a second at random (Poisson), warm requests of 1.991 s and cold ones of
2.244 s on average (exponential), an environment idle for 600 s is gone, at most 1,000 requests at
once. SimFaaS sends a request to the newest idle environment; SimPy has no such model, so the
shortest one that gives the same means stands below. Programs take turns, so that a busy machine is
busy for all; the median counts. Ours is the whole process, start and statistics included; a peer's
time begins after its imports. The bar: SimFaaS takes at least 185 times our CPU time.
"""
import argparse, json, os, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RATE, WARM, COLD, KEEP_ALIVE, LIMIT = 0.9, 1.991, 2.244, 600.0, 1000

SCENARIO = """schema = 1
id = "w1"
title = "The measured workload"
model = "platform"
seed = {seed}
duration = "{seconds}s"

[params]
arrivals = {{ process = "poisson", rate_per_s = 0.9 }}
service = {{ law = "exponential", mean = "1.991s" }}
cold_service = {{ law = "exponential", mean = "2.244s" }}
keep_alive = "600s"
routing = "{routing}"
"""


def simfaas(seconds, seed):
    """One run of SimFaaS, its statistics included."""
    import numpy
    from simfaas.ServerlessSimulator import ServerlessSimulator
    numpy.random.seed(seed)
    begin = time.process_time()
    run = ServerlessSimulator(arrival_rate=RATE, warm_service_rate=1 / WARM,
                              cold_service_rate=1 / COLD, expiration_threshold=KEEP_ALIVE,
                              max_time=seconds, maximum_concurrency=LIMIT)
    run.generate_trace(debug_print=False, progress=False)
    run.calculate_time_lengths()
    found = {"requests": run.total_req_count, "p_cold": run.get_cold_start_prob(),
             "servers_mean": run.get_average_server_count()}
    return time.process_time() - begin, found


def simpy(seconds, seed):
    """The same model in SimPy: the most recently used environment takes a request."""
    import random
    import simpy as engine
    begin = time.process_time()
    env, chance, idle = engine.Environment(), random.Random(seed), []
    count = {"requests": 0, "cold": 0, "servers": 0, "area": 0.0, "last": 0.0}

    def servers(change):
        count["area"] += count["servers"] * (env.now - count["last"])
        count["last"] = env.now
        count["servers"] += change

    def expire(place):
        yield env.timeout(KEEP_ALIVE)
        if place["spell"] is not None and env.now - place["spell"] >= KEEP_ALIVE:
            idle.remove(place)
            servers(-1)

    def serve(place, mean):
        yield env.timeout(chance.expovariate(1 / mean))
        place["spell"] = env.now
        idle.append(place)
        env.process(expire(place))

    def arrive():
        while True:
            yield env.timeout(chance.expovariate(RATE))
            count["requests"] += 1
            if idle:
                place = idle.pop()
                place["spell"] = None
                env.process(serve(place, WARM))
            elif count["servers"] - len(idle) < LIMIT:
                count["cold"] += 1
                servers(1)
                env.process(serve({"spell": None}, COLD))

    env.process(arrive())
    env.run(until=seconds)
    servers(0)
    found = {"requests": count["requests"], "p_cold": count["cold"] / count["requests"],
             "servers_mean": count["area"] / seconds}
    return time.process_time() - begin, found


def child(command):
    """CPU seconds, peak memory in MiB and the output of a program."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"{' '.join(command)} failed")
        out.seek(0)
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, json.load(out)


def ours(program, routing, options, folder):
    path = os.path.join(folder, f"{routing}.toml")
    with open(path, "w") as file:
        file.write(SCENARIO.format(seed=1, seconds=options.seconds, routing=routing))
    cpu, memory, said = child([program, "sim", path, "--json"])
    return cpu, memory, said["metrics"]


def peer(name, options):
    _, memory, said = child([sys.executable, __file__, "--peer", name,
                             "--seconds", str(options.seconds)])
    return said["cpu"], memory, said["found"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peer", choices=["simfaas", "simpy"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        cpu, found = {"simfaas": simfaas, "simpy": simpy}[options.peer](options.seconds, 1)
        print(json.dumps({"cpu": cpu, "found": found}))
        return
    program = os.path.join(ROOT, "target", "release", "coldstart")
    with tempfile.TemporaryDirectory() as folder:
        runs = {
            "coldstart lifo": lambda: ours(program, "lifo", options, folder),
            "coldstart newest": lambda: ours(program, "newest", options, folder),
            "SimFaaS newest": lambda: peer("simfaas", options),
            "SimPy lifo": lambda: peer("simpy", options),
        }
        found = {name: [] for name in runs}
        for _ in range(options.runs):
            for name, run in runs.items():
                found[name].append(run())
    medians = {name: sorted(each, key=lambda one: one[0])[len(each) // 2]
               for name, each in found.items()}
    print(f"{options.seconds:,} s of the workload, median of {options.runs} runs")
    for name, (cpu, memory, said) in medians.items():
        per_request = 1e9 * cpu / said["requests"]
        alike = f"coldstart {name.split()[1]}"
        ratio = "" if name == alike else f"   {cpu / medians[alike][0]:.0f} x ours"
        print(f"{name:17} {1000 * cpu:9.1f} ms CPU {per_request:8.1f} ns/request {memory:7.1f} MiB"
              f"   p_cold {said['p_cold']:.6f}   servers {said['servers_mean']:.4f}{ratio}")


if __name__ == "__main__":
    main()
