"""What the scenarios of `scenarios/textbook/` must come to, from their parameters (minutes) by the formulas."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import sim
from analysis.runs import replicate
from analysis.runs.known_answers import Comparison, compare
from sim.plan import Plan
from sim.units import DAY
from tests.helpers import formulas as f

FOLDER = Path(__file__).parents[2] / "scenarios" / "textbook"
FILES = sorted(FOLDER.glob("*.toml"))

Answers = dict[str, float]


def _served(step: str, role: str, servers: int, rate: float, wait: float, service: float) -> Answers:
    """What follows from the mean wait at a step where nobody gives up."""
    return {
        f"steps.{step}.wait_min": wait,
        f"steps.{step}.queue": rate * wait,
        f"roles.{role}.utilisation": rate * service / servers,
    }


def one_clerk() -> Answers:
    rate, service = 0.5, 1.4
    wait = f.mmc_wait(rate, service)
    return {
        **_served("customer/serve", "clerk", 1, rate, wait, service),
        "steps.customer/serve.service_min": service,
        "routes.customer.cycle_h": (wait + service) / 60,
        "routes.customer.in_progress": rate * (wait + service),
        "routes.customer.per_day": rate * 1440,
        "ledger.customer.busy_same": wait / 60,
        "ledger.customer.working": service / 60,
        "promises.served within 5 min.share": f.mmc_in_time(rate, service, 1, 5),
    }


def three_packers() -> Answers:
    rate, service = 0.7, 3.0
    wait = f.mmc_wait(rate, service, 3)
    return {
        **_served("order/pack", "packer", 3, rate, wait, service),
        "routes.order.cycle_h": (wait + service) / 60,
        "promises.begun at once.share": 1 - f.erlang_c(3, rate * service),
    }


def hotline() -> Answers:
    rate, service = 4.0, 4.0
    return {
        **_served("call/answer", "agent", 20, rate, f.mmc_wait(rate, service, 20), service),
        "promises.answered in 20 s.share": f.mmc_in_time(rate, service, 20, 20 / 60),
    }


def constant_service() -> Answers:
    rate, service = 0.4, 1.75
    wait = f.mg1_wait(rate, service, service**2)
    return {
        **_served("label/print", "printer", 1, rate, wait, service),
        "routes.label.in_progress": rate * (wait + service),
    }


def erlang_service() -> Answers:
    rate, service, phases = 0.3, 2.0, 3
    wait = f.mg1_wait(rate, service, service**2 * (1 + 1 / phases))
    return {
        **_served("invoice/book", "bookkeeper", 1, rate, wait, service),
        "routes.invoice.cycle_h": (wait + service) / 60,
    }


def lognormal_service() -> Answers:
    rate, service, cv = 0.25, 2.4, 0.8
    wait = f.mg1_wait(rate, service, service**2 * (1 + cv**2))
    return {
        **_served("claim/settle", "adjuster", 1, rate, wait, service),
        "routes.claim.cycle_h": (wait + service) / 60,
    }


def lines_of_an_order() -> Answers:
    rate, line, shares = 0.7, 0.5, {1: 0.5, 2: 0.3, 3: 0.2}
    lines = sum(n * share for n, share in shares.items())
    spread = sum(n * n * share for n, share in shares.items()) - lines**2
    mean, variance = lines * line, lines * line**2 + spread * line**2
    return _served("basket/pick", "picker", 1, rate, f.mg1_wait(rate, mean, mean**2 + variance), mean)


def every_two_minutes() -> Answers:
    rate, service = 0.5, 1.4
    waiting = f.dm1_waiting(rate, service)
    return {
        **_served("part/finish", "finisher", 1, rate, f.dm1_wait(rate, service), service),
        "promises.begun at once.share": 1 - waiting,
        "promises.begun in 2 min.share": 1 - waiting * math.exp(-(1 - waiting) / service * 2),
    }


def impatient_chats() -> Answers:
    rate, service, servers, patience = 2.25, 4.0, 10, 5.0
    chat = f.erlang_a(rate, service, servers, patience)
    return _impatient("visitor/chat", "chatter", rate, service, servers, chat) | {
        "promises.answered in 30 s.share": chat.served_in_time(0.5)
    }


def equally_impatient() -> Answers:
    rate, service, servers, patience = 0.9, 3.0, 3, 4.0
    return _impatient(
        "shopper/advise", "adviser", rate, service, servers, f.constant_patience(rate, service, servers, patience)
    )


def _impatient(step: str, role: str, rate: float, service: float, servers: int, known: f.Impatient) -> Answers:
    return {
        f"steps.{step}.wait_min": known.wait(),
        f"steps.{step}.queue": rate * known.wait(),
        f"steps.{step}.gave_up_share": known.gave_up(),
        f"roles.{role}.utilisation": rate * (1 - known.gave_up()) * service / servers,
    }


def coaches() -> Answers:
    rate, service, sizes = 0.1, 2.25, [1, 2, 5]
    guests = rate * sum(sizes) / len(sizes)
    wait = f.batches_wait(rate, service, sizes)
    return {
        **_served("guest/check in", "host", 1, guests, wait, service),
        "routes.guest.in_progress": guests * (wait + service),
        "routes.guest.per_day": guests * 1440,
    }


def emergencies() -> Answers:
    rates, means = [0.1, 0.15], [2.0, 3.0]
    squares = [2 * mean**2 for mean in means]
    stays = f.preemptive(rates, means, squares)
    names = ["alarm", "repair"]
    return {
        **{f"routes.{name}.cycle_h": stay / 60 for name, stay in zip(names, stays, strict=True)},
        "steps.repair/mend.wait_min": stays[1] - means[1],
        "steps.alarm/answer.wait_min": stays[0] - means[0],
        "routes.repair.in_progress": rates[1] * stays[1],
        "roles.fitter.utilisation": sum(r * m for r, m in zip(rates, means, strict=True)),
    }


def three_chairs() -> Answers:
    rate, service, desks, chairs = 0.5, 4.0, 2, 3
    lost, waiting = f.limited(desks, rate * service, chairs)
    return {
        "steps.visitor/ask.gave_up_share": lost,
        "steps.visitor/ask.queue": waiting,
        "steps.visitor/ask.wait_min": waiting / rate,
        "steps.visitor/ask.queue_max": float(chairs),
        "roles.desk.utilisation": rate * service * (1 - lost) / desks,
    }


def no_room_to_wait() -> Answers:
    load = 4.0
    first, all_ = f.erlang_b(4, load), f.erlang_b(7, load)
    return {
        "steps.ring/take.gave_up_share": all_,
        "steps.ring/take.wait_min": 0.0,
        "roles.desk.utilisation": load * (1 - first) / 4,
        "roles.reserve.utilisation": load * (first - all_) / 3,
    }


def three_classes() -> Answers:
    rates, means, phases = [0.1, 0.12, 0.08], [1.5, 2.0, 3.5], [1, 2, 4]
    squares = [mean**2 * (1 + 1 / k) for mean, k in zip(means, phases, strict=True)]
    waits = f.cobham(rates, means, squares)
    names = ["urgent/mend", "normal/service", "idle/overhaul"]
    return {
        **{f"steps.{name}.wait_min": wait for name, wait in zip(names, waits, strict=True)},
        "roles.mechanic.wait_min": sum(r * w for r, w in zip(rates, waits, strict=True)) / sum(rates),
        "roles.mechanic.utilisation": sum(r * m for r, m in zip(rates, means, strict=True)),
    }


def express_orders() -> Answers:
    rates, service = [0.25, 0.45], 2.0
    waits = f.cobham_servers(rates, service, 2)
    return {
        "steps.express/stow.wait_min": waits[0],
        "steps.standard/stow.wait_min": waits[1],
        "steps.standard/stow.queue": rates[1] * waits[1],
        "roles.stower.utilisation": sum(rates) * service / 2,
    }


def quality_check() -> Answers:
    outside, back = 0.4, 0.2
    inside = outside / (1 - back)
    pick, check, seal = f.mmc_wait(inside, 2.8, 2), f.mmc_wait(inside, 1.2), f.mmc_wait(outside, 1.5)
    inside_all = inside * (pick + 2.8 + check + 1.2) + outside * (seal + 1.5)
    return {
        "steps.job/gather goods.wait_min": pick,
        "steps.job/inspect.wait_min": check,
        "steps.job/seal.wait_min": seal,
        "steps.job/inspect.per_day": inside * 1440,
        "routes.job.in_progress": inside_all,
        "routes.job.cycle_h": inside_all / outside / 60,
        "roles.gatherer.utilisation": inside * 2.8 / 2,
    }


def at_most_two_corrections() -> Answers:
    rate, service = 0.5, 1.0
    visits = f.rework_visits(0.3, 2)
    wait = f.mmc_wait(rate * visits, service)
    return {
        "steps.text/edit.wait_min": wait,
        "steps.text/edit.per_day": rate * visits * 1440,
        "routes.text.cycle_h": visits * (wait + service) / 60,
        "roles.editor.utilisation": rate * visits * service,
    }


def plenty_of_people() -> Answers:
    rate, service, people = 2.0, 15.0, 80
    return {"routes.parcel.in_progress": rate * service, "roles.hand.utilisation": rate * service / people}


def on_the_road() -> Answers:
    rate, hours, cv = 4.0, 1.0, 0.5  # per hour, hours
    return {
        "routes.shipment.in_progress": rate * hours,
        "routes.shipment.cycle_h": hours,
        "routes.shipment.cycle_p50_h": f.lognormal_quantile(hours, cv, 0.5),
        "routes.shipment.cycle_p90_h": f.lognormal_quantile(hours, cv, 0.9),
        "ledger.shipment.transit": hours,
    }


def returns_desk() -> Answers:
    rate, service = 0.5 * 0.3, 4.0
    wait = f.mmc_wait(rate, service)
    return {
        **_served("return/unpack", "unpacker", 1, rate, wait, service),
        "routes.return.per_day": rate * 1440,
    }


def two_carry() -> Answers:
    rate, service = 0.35, 4.0
    return _served("sofa/carry", "porter", 2, rate, f.mmc_wait(rate, service, 2), service)


def slow_hand_first() -> Answers:
    slow, quick, wait = f.two_paces(0.45, 5.0, 2.5)
    return {
        "teams.wrapper/slow.utilisation": slow,
        "teams.wrapper/quick.utilisation": quick,
        "steps.gift/wrap.wait_min": wait,
        "steps.gift/wrap.queue": 0.45 * wait,
    }


def helping_out() -> Answers:
    own, helper, wait = f.two_paces(0.3, 3.0, 6.0)
    return {
        "roles.cashier.utilisation": own,
        "roles.manager.utilisation": helper,
        "steps.buyer/pay.wait_min": wait,
    }


def six_chats_at_once() -> Answers:
    rate, service = 0.5, 8.4
    return {
        "steps.question/reply.wait_min": f.mmc_wait(rate, service, 6),
        "steps.question/reply.queue": rate * f.mmc_wait(rate, service, 6),
        "roles.talker.utilisation": f.chats(rate, service, 2, 3),
        "promises.within a minute.share": f.mmc_in_time(rate, service, 6, 1.0),
    }


def chats_slow_each_other() -> Answers:
    rate = 0.15
    busy, wait = f.slower_chats(rate, 6.0, 0.5)
    return {
        "steps.query/type.wait_min": wait,
        "steps.query/type.queue": rate * wait,
        "roles.typist.utilisation": busy,
    }


def hourly_truck() -> Answers:
    rate, every = 0.5, 60.0
    return {
        "steps.box/truck.wait_min": every / 2,
        "steps.box/truck.wait_p50_min": every * 0.5,
        "steps.box/truck.wait_p90_min": every * 0.9,
        "steps.box/truck.queue": rate * every / 2,
        "ledger.box.departure": every / 120,
    }


def truck_with_little_room() -> Answers:
    rate, every, room = 0.4, 10.0, 5
    wait = f.crowded_departures(rate, every, room)
    return {
        "steps.pallet/van.wait_min": wait,
        "steps.pallet/van.queue": rate * wait,
        "routes.pallet.cycle_h": wait / 60,
    }


def steady_line() -> Answers:
    return {
        "steps.bottle/fill.wait_min": 0.0,
        "roles.filler.utilisation": 0.8,
        "routes.bottle.cycle_h": 8 / 60,
        "routes.bottle.in_progress": 0.8,
        "steps.bottle/fill.queue_max": 0.0,
    }


def falling_behind() -> Answers:
    return {
        "steps.form/stamp.wait_min": (sum(2 * (n - 1) for n in range(1, 51)) + sum(600 - 10 * n for n in range(51, 60)))
        / 59,
        "steps.form/stamp.wait_max_min": 98.0,
        "steps.form/stamp.queue": (sum(2 * (n - 1) for n in range(1, 51)) + sum(600 - 10 * n for n in range(51, 60)))
        / 600,
        "steps.form/stamp.queue_max": 10.0,
        "roles.stamper.utilisation": 590 / 600,
        "routes.form.ended": 49.0,
        "routes.form.open": 10.0,
    }


def shift_end_finish() -> Answers:
    return {
        "steps.task/do it.wait_min": (6 * 60 + 5 * 780 + 240) / 24,
        "steps.task/do it.wait_max_min": 780.0,
        "steps.task/do it.service_min": 60.0,
        "steps.task/do it.queue": 14 / 24,
        "roles.worker.utilisation": 3 / 7,
        "roles.worker.overtime_h": 7.0,
        "routes.task.cycle_h": (6 * 2 + 6 + 6 + 5 * 14) / 23,
        "routes.task.in_progress": 18 / 24,
        "routes.task.open": 1.0,
        "ledger.task.night": 5 * 13 / 23,
        "ledger.task.break": 0.0,
        "ledger.task.busy_same": 6 * 1 / 23,
        "ledger.task.working": 1.0,
        "ledger.task.resting": 0.0,
    }


def shift_end_pause() -> Answers:
    return {
        "steps.task/do it.wait_min": (6 * 90 + 5 * 810 + 240) / 24,
        "steps.task/do it.service_min": (6 * 60 + 6 * 120 + 5 * 1020 + 5 * 60) / 22,
        "roles.worker.utilisation": 4 / 7,
        "roles.worker.overtime_h": 0.0,
        "routes.task.cycle_h": (6 * 2.5 + 6 * 2 + 5 * 17 + 5 * 14.5) / 22,
        "routes.task.open": 2.0,
        "ledger.task.night": 5 * 13 / 22,
        "ledger.task.break": 0.0,
        "ledger.task.busy_same": (6 * 1.5 + 5 * 0.5) / 22,
        "ledger.task.resting": (6 * 1 + 5 * 16) / 22,
        "ledger.task.working": 1.0,
    }


def shift_end_fits() -> Answers:
    return {
        "steps.task/do it.wait_min": (6 * 120 + 6 * 90 + 5 * 990 + 5 * 840 + 450 + 240) / 24,
        "steps.task/do it.service_min": 60.0,
        "roles.worker.utilisation": 4 / 7,
        "roles.worker.overtime_h": 0.0,
        "routes.task.cycle_h": (6 * 3 + 6 * 2.5 + 5 * 17.5 + 5 * 15) / 22,
        "routes.task.open": 2.0,
        "ledger.task.night": (5 * 16 + 5 * 13) / 22,
        "ledger.task.break": 6 * 1 / 22,
        "ledger.task.busy_same": (6 * 2 + 6 * 0.5 + 5 * 1) / 22,
        "ledger.task.held_back": 5 * 0.5 / 22,
        "ledger.task.working": 1.0,
    }


def closed_at_night() -> Answers:
    rate, hours, job, people = 6.0, 8.0, 0.5, 400  # per hour, hours
    late = rate * job**2 / 2  # work in overtime on a day: those begun within the last half hour, (job - u) each
    return {
        "steps.letter/answer.wait_min": (24 - hours) ** 2 / 48 * 60,
        "roles.writer.overtime_h": 7 * late,
        "roles.writer.utilisation": (rate * 24 * job - late) / (people * hours),
    }


def closed_at_night_pause() -> Answers:
    hours, job = 8.0, 0.5
    return {
        "steps.letter/answer.wait_min": (24 - hours) ** 2 / 48 * 60,
        "steps.letter/answer.service_min": (job + (24 - hours) * job / 24) * 60,
        "ledger.letter.resting": (24 - hours) * job / 24,
    }


def closed_at_night_fits() -> Answers:
    hours, job = 8.0, 0.5
    return {
        "steps.letter/answer.wait_min": (24 - hours + job) ** 2 / 48 * 60,
        "ledger.letter.held_back": job**2 / 48,  # the part before closing of those who come in the last half hour
    }


def answers_of(path: Path) -> Answers:
    """The answers to a file, by its name."""
    known: Answers = globals()[path.stem]()
    return known


# --- holding the program to them --------------------------------------------------------------------------------


class Trial(NamedTuple):
    """One file under one seed."""

    path: Path
    seed: int
    replications: int
    share: float = 1.0
    """How much of the measured days is played (whole days, at least one)."""


def plan_of(trial: Trial) -> Plan:
    """The plan of a trial. What chance plays no part in is played whole."""
    plan = sim.load(trial.path)
    measured = plan.runs_for - plan.warm_up
    if trial.share == 1 or not any(stream.rates for stream in plan.streams) or measured < DAY:
        return plan
    days = max(1, int(measured * trial.share) // DAY)
    return sim.load(trial.path, {"runs_for": f"{plan.warm_up + days * DAY} ms"})


def held_against_theory(trial: Trial) -> list[Comparison]:
    """Play a trial in this process and compare."""
    return compare(replicate(plan_of(trial), trial.replications, trial.seed, workers=1))


def mean_squared(trials: list[list[Comparison]]) -> float:
    """The mean z squared of trials, each trial counting once: the values of one run are not independent."""
    squares = [[each.z**2 for each in trial if each.by_chance] for trial in trials]
    means = [sum(each) / len(each) for each in squares if each]
    return sum(means) / len(means)
